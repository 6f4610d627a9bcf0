DROP TRIGGER audit_is_not_edited; DROP TRIGGER audit_is_not_shortened; UPDATE audit SET seq = 99 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 4; UPDATE audit SET seq = 4 WHERE seq = 99;
