SELECT 'records_sealed' AS figure, NULL AS system, month AS period, NULL AS part,
       CASE WHEN sealed THEN accepted ELSE 0 END AS value, CASE WHEN sealed THEN accepted ELSE 0 END AS numerator,
       accepted AS denominator
FROM archive_months
