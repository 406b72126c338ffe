-- What has Debezium been asked to do, such as to read a table again while changes go on?
-- Names and lengths are those that Debezium documents for its signalling table.
create table if not exists tributary.signal (
  id varchar(42) primary key,
  type varchar(32) not null,
  data varchar(2048)
);
