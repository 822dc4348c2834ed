/** What answers notifications where they stand, put together from features that do not know each other. */
import { Later, useCode } from "@/components/ui/later";
import type { Answer, Answers } from "@/features/notifications/api";
import { loadNamespaces } from "@/lib/i18n";

const confirmAsk = new Later(async () => {
  const code = import("@/features/journey/confirm-ask");
  await loadNamespaces("journey");
  return (await code).ConfirmAsk;
});

const JourneyAsk: Answer = ({ item, onDone }) => {
  const { clientId, params } = item;
  const ConfirmAsk = useCode(confirmAsk, true);
  if (!ConfirmAsk || !clientId || typeof params.stage !== "string") return null;
  return <ConfirmAsk clientId={clientId} stage={params.stage} onDone={onDone} />;
};

export const answers: Answers = { journey_ask: JourneyAsk };
