UPDATE declaration SET body = replace(body, '"tier":1', '"tier":2') WHERE name = 'app';
