/** What stands in the URL of the tasks page. */
import { oneOf, type RawSearch } from "@/lib/search";

export interface TasksSearch {
  owner?: "all";
  group?: "client";
  done?: "show";
}

export const tasksSearch = (search: RawSearch): TasksSearch => ({
  owner: oneOf(search.owner, ["all"]),
  group: oneOf(search.group, ["client"]),
  done: oneOf(search.done, ["show"]),
});
