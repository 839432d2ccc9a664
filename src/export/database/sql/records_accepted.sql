SELECT 'records_accepted' AS figure, NULL AS system, month AS period, NULL AS part,
       accepted AS value, accepted AS numerator, accepted + rejected AS denominator
FROM archive_months
