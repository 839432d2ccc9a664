SELECT 'records_read' AS figure, NULL AS system, month AS period, NULL AS part,
       accepted + rejected AS value, NULL AS numerator, NULL AS denominator
FROM archive_months
