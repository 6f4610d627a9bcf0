DROP TRIGGER audit_is_not_edited; DROP TRIGGER audit_is_not_shortened; DELETE FROM audit WHERE seq > 6;
