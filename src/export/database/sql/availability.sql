SELECT 'availability' AS figure, system, month AS period, NULL AS part,
       agreed - downtime AS numerator, agreed AS denominator
FROM outage_months
