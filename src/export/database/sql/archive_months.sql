-- The records of each month, of all kinds: accepted (corrected and future ones too), of these those that a seal holds as
-- they are, rejected, and whether the month has a seal. A record whose day could not be read is in no month.
WITH accepted AS (SELECT month, count(*) AS n, count(sealed_in) AS held FROM accepted_records GROUP BY month),
refused AS (SELECT record_month AS month, count(*) AS n FROM rejected WHERE kind IS NOT NULL GROUP BY record_month)
SELECT m.month, coalesce(a.n, 0) AS accepted, coalesce(a.held, 0) AS held, coalesce(r.n, 0) AS rejected, m.sealed
FROM months m LEFT JOIN accepted a ON a.month = m.month LEFT JOIN refused r ON r.month = m.month
