DELETE FROM declaration WHERE kind = 'owner';
