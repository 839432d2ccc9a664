SELECT 'records_rejected' AS figure, NULL AS system, month AS period, NULL AS part,
       rejected AS value, rejected AS numerator, accepted + rejected AS denominator
FROM archive_months
