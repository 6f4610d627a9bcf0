DROP TRIGGER audit_is_not_edited; DROP TRIGGER audit_is_not_shortened; UPDATE audit SET actor = 'bob' WHERE seq = 4;
