-- Slots met of those that were due; those without a system are the organisation's.
SELECT 'completeness' AS figure, x.system, x.month AS period, x.kind AS part,
       count(CASE WHEN x.state = 'met' THEN 1 END) AS numerator, count(*) AS denominator
FROM slots x JOIN months m ON m.month = x.month
WHERE x.kind IS NOT NULL AND x.state IN ('met', 'missed')
GROUP BY x.system, x.month, x.kind
