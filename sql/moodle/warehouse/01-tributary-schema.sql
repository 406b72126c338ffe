-- Where does Tributary keep what is its own, apart from the landed tables and the views?
create schema if not exists tributary;
