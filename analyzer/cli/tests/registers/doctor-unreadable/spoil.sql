UPDATE declaration SET body = '{"name":"app"}' WHERE name = 'app';
