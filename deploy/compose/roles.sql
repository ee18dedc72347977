-- Run once by the container of PostgreSQL, as its superuser. The passwords are for a trial on a closed network: change them where others reach the database.
CREATE ROLE zhengben_owner LOGIN PASSWORD 'owner';
CREATE ROLE zhengben_service LOGIN PASSWORD 'service';
CREATE DATABASE zhengben OWNER zhengben_owner ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE zhengben FROM PUBLIC;
GRANT CONNECT ON DATABASE zhengben TO zhengben_service;
