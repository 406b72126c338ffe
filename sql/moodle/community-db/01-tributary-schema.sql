-- Where does Tributary keep what is its own, apart from the application's tables?
create schema if not exists tributary;
