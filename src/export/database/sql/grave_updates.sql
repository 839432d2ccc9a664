-- Critical and high updates but those that are not needed: when they were due, and when they were applied.
SELECT u.system, u.record_month AS month, unixepoch(u.checked_at) AS checked,
       unixepoch(u.checked_at) + p.days_in_s AS deadline,
       CASE WHEN (u.result IS NULL OR u.result = 'applied') AND unixepoch(u.applied_at) <= unixepoch(a.as_of)
            THEN unixepoch(u.applied_at) END AS applied
FROM "update" u CROSS JOIN about a
JOIN params p ON p.name = 'patch_days' AND u.record_day BETWEEN p.from_day AND p.until_day
WHERE u.record_state = 'counts' AND u.severity IN ('critical', 'high')
  AND (u.result IS NULL OR u.result <> 'not-needed')
