/** Profiles: how facts become a score. Keys begin with "profiles", which a change of the workspace makes stale. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { HealthClass } from "@/components/ui/health";
import { api, type Narrow, type Schemas } from "@/lib/api";

export type Point = [x: number, points: number];
export type Profile = Narrow<
  Schemas["ProfileBody"],
  { weights: Record<string, number>; curves: Record<string, Point[]> }
>;
/** `profile` is null where the segment went back to everybody's. */
export type Version = Narrow<Schemas["VersionBody"], { profile?: Profile | null }>;
export type Curve = Narrow<Schemas["CurveBody"], { default: Point[] }>;
export type Profiles = Narrow<Schemas["ProfilesBody"], { items: Version[]; curves: Curve[] }>;
export type Foresight = Schemas["ForesightBody"];
export type ClassMove = Narrow<
  Schemas["ClassMoveBody"],
  { classBefore: HealthClass; classAfter: HealthClass }
>;
export type Preview = Narrow<
  Schemas["PreviewBody"],
  {
    classesBefore: Record<HealthClass, number>;
    classesAfter: Record<HealthClass, number>;
    moves: ClassMove[];
  }
>;

export const profilesQuery = queryOptions({
  queryKey: ["profiles", "current"],
  queryFn: ({ signal }) => api.get<Profiles>("/health/profiles", undefined, { signal }),
});

/** Newest first; everybody's (the empty segment) ends with the built-in one. */
export const versionsQuery = (segment: string) =>
  queryOptions({
    queryKey: ["profiles", "versions", segment],
    queryFn: ({ signal }) =>
      api.get<{ items: Version[] }>("/health/profiles/versions", { segment }, { signal }),
  });

/** The effect of a draft; nothing is saved. */
export const previewQuery = (segment: string, profile: Profile | undefined) =>
  queryOptions({
    queryKey: ["preview", segment, profile],
    queryFn: ({ signal }) =>
      api.post<Preview>("/health/profiles/preview", { segment, profile }, { signal }),
    enabled: profile !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
  });

/** Weights that would have told better who left; null where too few left. */
export type Suggestion = Narrow<
  Schemas["SuggestionBody"],
  { weights?: Record<string, number> | null }
>;

export const suggestWeights = (segment: string, profile: Profile) =>
  api.post<Suggestion>("/health/profiles/suggest", { segment, profile });

export const saveProfile = (segment: string, profile: Profile | null, note?: string) =>
  api.post<Schemas["SavedBody"]>("/health/profiles", { segment, profile, note });

/** The profile in force for a segment: its own, else everybody's. */
export function inForce(
  profiles: Profiles,
  segment: string | null | undefined,
): Version | undefined {
  const own = profiles.items.find((item) => item.segment !== "" && item.segment === segment);
  return own ?? profiles.items.find((item) => item.segment === "");
}

/** Where each class begins. */
export const floorsOf = ({ excellent, good, watch }: Profile) => ({
  excellent,
  good,
  watch,
  critical: 0,
});
