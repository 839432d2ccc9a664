-- Of the whole organisation: raised and due by the last day of the month (or of judgement), and not done by then. One
-- that is done, and of which nobody says when, is not open; dropped ones are left out.
WITH ends AS (
  SELECT m.month, CASE WHEN unixepoch(m.ends_at) < unixepoch(a.as_of) THEN unixepoch(m.ends_at)
                       ELSE unixepoch(a.as_of) END AS t
  FROM months m CROSS JOIN about a
),
lasts AS (
  SELECT e.month, d.day FROM ends e JOIN days d ON unixepoch(d.starts_at) < e.t AND unixepoch(d.ends_at) >= e.t
)
SELECT 'improvements_overdue' AS figure, NULL AS system, l.month AS period, NULL AS part,
       count(i.due) AS value, NULL AS numerator, NULL AS denominator
FROM lasts l
LEFT JOIN improvement i ON i.due < l.day AND i.record_day <= l.day AND i.record_state = 'counts'
                        AND (i.status IS NULL OR i.status <> 'dropped')
                        AND NOT (i.status IS NOT NULL AND i.status = 'done'
                                 AND (i.done_at IS NULL OR i.done_at <= l.day))
GROUP BY l.month
