-- A published status list names the places of licences that have ended; they are few among all of the list.
CREATE INDEX licence_ended ON licence (region, status_list, status_index) WHERE recorded <> 'active';
