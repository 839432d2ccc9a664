SELECT 'patch_on_time' AS figure, s.system, s.month AS period, NULL AS part,
       count(CASE WHEN u.applied <= u.deadline THEN 1 END) AS numerator, count(u.deadline) AS denominator
FROM system_months s
LEFT JOIN grave_updates u ON u.system = s.system AND u.deadline >= s.starts AND u.deadline < s.ends
                          AND u.deadline <= s.now
GROUP BY s.system, s.month
