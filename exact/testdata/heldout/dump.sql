-- dump of ⟦identifier:meters_eu⟧, taken ⟦date:2026-01-19 21:07:33⟧, server ⟦version:16.4.1⟧
CREATE TABLE ⟦identifier:meter_reading⟧ (⟦identifier:meter_id⟧ bigint NOT NULL, ⟦identifier:read_at⟧ timestamptz, kwh numeric(⟦number:12⟧,3));
INSERT INTO ⟦identifier:meter_reading⟧ VALUES (⟦number:740018⟧, '⟦date:2026-01-18 00:15:00+00⟧', ⟦number:1882.403⟧);
INSERT INTO ⟦identifier:meter_reading⟧ VALUES (⟦number:740019⟧, '⟦date:2026-01-18 00:15:00+00⟧', ⟦number:977.125⟧);
UPDATE ⟦identifier:meter_owner⟧ SET email = '⟦email:r.abernathy@gridwise.example⟧' WHERE code = '⟦identifier:MX-5521-Q⟧';
SELECT count(*) FROM ⟦identifier:meter_owner⟧ WHERE since < '⟦date:2024-06-30⟧'; -- ⟦number:18,204⟧ rows, ⟦number:61.3 ms⟧
