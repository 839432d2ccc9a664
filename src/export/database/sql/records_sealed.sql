SELECT 'records_sealed' AS figure, NULL AS system, month AS period, NULL AS part,
       held AS value, held AS numerator, accepted AS denominator
FROM archive_months
