import { expect, it } from "vitest";
import { checkHolidays, easter, holidaysOfFrance, toHolidays } from "./holidays";

it("knows Easter", () => {
  // From the almanac.
  for (const day of ["2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2038-04-25"]) {
    expect(easter(Number(day.slice(0, 4)))).toBe(day);
  }
});

it("knows the eleven public holidays of France", () => {
  expect(holidaysOfFrance(2026).map(({ day }) => day.slice(5))).toEqual([
    "01-01",
    "04-06",
    "05-01",
    "05-08",
    "05-14",
    "05-25",
    "07-14",
    "08-15",
    "11-01",
    "11-11",
    "12-25",
  ]);
});

it("refuses a day without a name, a name without a day, and a day that stands twice", () => {
  const row = (key: number, day: string, name = "x") => ({ key, day, name });
  const found = checkHolidays([row(1, "2026-07-14"), row(2, "2026-07-14", " "), row(3, "")]);
  expect(found["days[1].day"]?.code).toBe("holiday_twice");
  expect(found["days[1].name"]?.code).toBe("field_required");
  expect(found["days[2].day"]?.code).toBe("field_required");
  expect(found["days[0].day"]).toBeUndefined();
});

it("sends the days in their order, with names as they are read", () => {
  const row = (key: number, day: string, name: string) => ({ key, day, name });
  expect(toHolidays([row(1, "2026-12-25", " Noël "), row(2, "2026-07-14", "Fête")])).toEqual([
    { day: "2026-07-14", name: "Fête" },
    { day: "2026-12-25", name: "Noël" },
  ]);
});
