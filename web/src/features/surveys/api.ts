/** What the survey pages ask the server. Keys begin with "surveys": live changes refresh them. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, type Narrow, type Params, type Schemas } from "@/lib/api";

export const KINDS = ["nps", "csat", "ces"] as const;
export type Kind = (typeof KINDS)[number];
export type Side = "bad" | "middle" | "good";
export type LinkState = "link" | "queued" | "sent" | "failed";
export type Survey = Narrow<
  Schemas["SurveyBody"],
  { kind: Kind; distribution: Narrow<Schemas["SurveyScoreBody"], { side: Side }>[] }
>;
export type SurveyDetail = Survey & {
  months: Schemas["SurveyPartBody"][];
  segments: Schemas["SurveyPartBody"][];
  mail: boolean;
};
export type Surveys = Narrow<Schemas["SurveysBody"], { items: Survey[] }>;
export type Recipient = Narrow<Schemas["SurveyRecipientBody"], { state: LinkState }>;
export type Recipients = Narrow<Schemas["SurveyRecipientsBody"], { items: Recipient[] }>;
export type Handed = Schemas["SurveyHandedBody"];
export type LeftOut = Schemas["SurveyLeftOutBody"];
export type Sending = Partial<Schemas["SurveySendForm"]>;

export const surveysQuery = queryOptions({
  queryKey: ["surveys", "list"],
  queryFn: ({ signal }) => api.get<Surveys>("/surveys", undefined, { signal }),
});

export const surveyQuery = (id: string) =>
  queryOptions({
    queryKey: ["surveys", "one", id],
    queryFn: ({ signal }) => api.get<SurveyDetail>(`/surveys/${id}`, undefined, { signal }),
  });

export const recipientsQuery = (id: string, params: Params) =>
  infiniteQueryOptions({
    queryKey: ["surveys", "recipients", id, params],
    queryFn: ({ pageParam, signal }) =>
      api.get<Recipients>(
        `/surveys/${id}/recipients`,
        { ...params, limit: 50, cursor: pageParam },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });

/** Every answer, page by page: for the file. */
export async function allAnswers(id: string): Promise<Recipient[]> {
  const rows: Recipient[] = [];
  let cursor: string | null | undefined;
  do {
    const page: Recipients = await api.get(`/surveys/${id}/recipients`, {
      answered: true,
      limit: 200,
      cursor,
    });
    rows.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor);
  return rows;
}

/** The saved views that the person sees: the same words as where they are made. */
export const viewsQuery = queryOptions({
  queryKey: ["clients", "views", "names"],
  queryFn: ({ signal }) =>
    api.get<{ items: { id: string; name: string; count?: number | null }[] }>(
      "/clients/views",
      undefined,
      { signal },
    ),
  select: (answer) => answer.items,
});

export const previewQuery = (id: string, sending: Sending) =>
  queryOptions({
    queryKey: ["surveys", "preview", id, sending],
    queryFn: ({ signal }) =>
      api.post<Schemas["SurveyPreviewBody"]>(`/surveys/${id}/preview`, sending, { signal }),
    retry: false,
  });

export const createSurvey = (form: Schemas["NewSurveyForm"]) => api.post<Survey>("/surveys", form);
export const patchSurvey = (id: string, patch: Partial<Schemas["SurveyForm"]>) =>
  api.patch<Survey>(`/surveys/${id}`, patch);
export const sendSurvey = (id: string, sending: Sending) =>
  api.post<Schemas["SurveySentBody"]>(`/surveys/${id}/send`, sending);
export const askContact = (id: string, form: Schemas["SurveyAskForm"]) =>
  api.post<Schemas["SurveyAskedBody"]>(`/surveys/${id}/ask`, form);
export const surveyLinks = (id: string) =>
  api.post<{ items: Handed[] }>(`/surveys/${id}/links`).then((answer) => answer.items);
