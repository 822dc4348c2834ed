-- The place of an event in the log, where ids alone are not the order of commits.
 CREATE_INDEX_EVENTS_PLACE;
