//! Every refusal of the system has one stable code here; the interface translates `errors.<code>`.
//!
//! A code is public: it is documented, answered by the API and never renamed. Parameters carry what the
//! sentence needs (the field, the limit, the value) and never a secret.

use serde_json::{Map, Value};
use std::fmt;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)+) => {
        /// A stable, snake_case refusal code, prefixed by its feature.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $name,)+ }

        impl Code {
            /// All codes, for the test that every one has its French and English words.
            pub const ALL: &'static [Code] = &[$(Code::$name,)+];

            /// The code as the API writes it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text,)+ }
            }

            /// The code that is written so, if there is one (quarantine rows keep the text).
            pub fn parse(text: &str) -> Option<Code> {
                match text { $($text => Some(Code::$name),)+ _ => None }
            }
        }
    };
}

codes! {
    /// The thing asked for does not exist in this workspace.
    NotFound = "not_found",
    /// The person or token may not do this.
    Forbidden = "forbidden",
    /// The request is not of the form that the endpoint takes; `field` and `detail` say where.
    BadRequest = "bad_request",
    /// The body is larger than the endpoint takes (`max` bytes).
    TooLarge = "too_large",
    /// Too many requests; try again after `retryAfterSeconds`.
    RateLimited = "rate_limited",
    /// The database does not answer or cannot be written; nothing was saved.
    StorageUnavailable = "storage_unavailable",
    /// The thing changed meanwhile.
    Conflict = "conflict",
    /// An unexpected fault; the cause is in the log under the request id.
    Internal = "internal",
    /// A required field is missing or empty (`field`).
    FieldRequired = "field_required",
    /// A field has the wrong type or form (`field`, `expected`).
    FieldType = "field_type",
    /// A field is longer than `max` characters.
    FieldTooLong = "field_too_long",
    /// A number is outside `min`…`max`.
    FieldRange = "field_range",
    /// A list holds more than `max` items.
    ListTooLong = "list_too_long",
    /// The paging cursor is not one of ours.
    CursorInvalid = "cursor_invalid",
    /// The same Idempotency-Key came with another body.
    IdempotencyMismatch = "idempotency_mismatch",
    /// A request with the same Idempotency-Key is still under way.
    IdempotencyInProgress = "idempotency_in_progress",
    /// The request has to say which state it changes: `If-Match` with the `ETag` that was read.
    PreconditionRequired = "precondition_required",
    /// Somebody else has changed it since it was read; `current` is how it stands now, `version` its new `ETag`.
    PreconditionFailed = "precondition_failed",
    /// The request came from another site.
    CrossSite = "cross_site",

    /// Nobody is signed in, or the session is over.
    IdentityNotSignedIn = "identity_not_signed_in",
    /// E-mail or password is wrong.
    IdentityBadCredentials = "identity_bad_credentials",
    /// Too many attempts; try again after `retryAfterSeconds`.
    IdentityTooManyAttempts = "identity_too_many_attempts",
    /// The password has fewer than `min` characters.
    IdentityPasswordTooShort = "identity_password_too_short",
    /// The password is among the most common ones.
    IdentityPasswordCommon = "identity_password_common",
    /// The link is unknown, used or over.
    IdentityLinkInvalid = "identity_link_invalid",
    /// The e-mail address is not one.
    IdentityEmailInvalid = "identity_email_invalid",
    /// This person is already a member.
    IdentityMemberExists = "identity_member_exists",
    /// A workspace keeps at least one owner.
    IdentityLastOwner = "identity_last_owner",
    /// The role is not one of the five.
    IdentityRoleUnknown = "identity_role_unknown",
    /// The API token is unknown or revoked.
    IdentityTokenInvalid = "identity_token_invalid",
    /// The token lacks the scope `scope`.
    IdentityScopeMissing = "identity_scope_missing",
    /// The scope is not `read` or `write`.
    IdentityScopeUnknown = "identity_scope_unknown",
    /// A workspace of this name exists.
    IdentityWorkspaceExists = "identity_workspace_exists",
    /// There is no workspace of this name.
    IdentityWorkspaceUnknown = "identity_workspace_unknown",
    /// There are several workspaces; name one.
    IdentityWorkspaceAmbiguous = "identity_workspace_ambiguous",
    /// The time zone is not an IANA name.
    IdentityTimezoneUnknown = "identity_timezone_unknown",
    /// The demo workspace takes no imports and no keys of real sources.
    IdentityDemoReadOnly = "identity_demo_read_only",
    /// What was typed is not the name of the workspace.
    IdentityWorkspaceNameMismatch = "identity_workspace_name_mismatch",
    /// It is the only real workspace of this person: deleting it would leave them nowhere.
    IdentityLastWorkspace = "identity_last_workspace",
    /// The invitation has been accepted.
    IdentityInvitationAccepted = "identity_invitation_accepted",

    /// The named client does not exist and the workspace does not create unknown ones.
    ClientsUnknown = "clients_unknown",
    /// The named contact does not exist.
    ClientsContactUnknown = "clients_contact_unknown",
    /// The sort key is not one of the list's.
    ClientsSortUnknown = "clients_sort_unknown",
    /// The kind of signal is not known (`kind`).
    ClientsSignalKindUnknown = "clients_signal_kind_unknown",
    /// A signal by hand has not happened yet, or not ended yet (`field`).
    ClientsSignalInFuture = "clients_signal_in_future",

    /// The consent is not given, refused or unknown (`value`).
    ClientsConsentUnknown = "clients_consent_unknown",
    /// Only who wrote a note changes it.
    ClientsNoteNotYours = "clients_note_not_yours",

    /// The weights of a health profile sum to `sum` instead of 100.
    HealthProfileWeightsSum = "health_profile_weights_sum",
    /// The classes of a health profile are out of order: this one must lie above `above`.
    HealthThresholdsOrder = "health_thresholds_order",
    /// An alert would be raised again below the threshold that raises it. Params: `field`, `least`, the alert threshold.
    HealthRearmOrder = "health_rearm_order",
    /// A curve must go from left to right and keep one direction, `way` (rising, falling, or costing: points lost that rise).
    HealthCurveTurns = "health_curve_turns",
    /// A curve takes `min` to `max` points.
    HealthCurvePoints = "health_curve_points",
    /// There is no health profile of this segment and version.
    HealthProfileUnknown = "health_profile_unknown",
    /// A client cannot be its own parent, nor the parent of one above it.
    ClientsParentCycle = "clients_parent_cycle",

    /// The currency is not an ISO 4217 code (`currency`).
    GrowthCurrencyUnknown = "growth_currency_unknown",
    /// There is no exchange rate for `currency` on `day`; add one in the workspace settings.
    GrowthRateMissing = "growth_rate_missing",
    /// The exchange rate is not a positive number.
    GrowthRateInvalid = "growth_rate_invalid",
    /// The currency cannot change once there are amounts.
    GrowthCurrencyFixed = "growth_currency_fixed",
    /// The subscription ends before it starts (`startDate`, `endDate`).
    GrowthSubscriptionEndsBeforeStart = "growth_subscription_ends_before_start",
    /// The change is dated before the subscription starts.
    GrowthChangeBeforeStart = "growth_change_before_start",
    /// An amount is negative.
    GrowthAmountNegative = "growth_amount_negative",
    /// An amount is too large to be computed with.
    GrowthAmountTooLarge = "growth_amount_too_large",
    /// The billing period is not known (`period`).
    GrowthPeriodUnknown = "growth_period_unknown",
    /// The day is not written YYYY-MM-DD or is out of range.
    GrowthDayInvalid = "growth_day_invalid",
    /// The range ends before it starts.
    GrowthRangeInvalid = "growth_range_invalid",
    /// The metric is not one that objectives know (`value`).
    GrowthMetricUnknown = "growth_metric_unknown",
    /// The objective is due before today (`value`, `min`).
    GrowthObjectivePast = "growth_objective_past",
    /// The objective is due on its start's day or before (`startDate`, `dueDate`).
    GrowthObjectiveEndsBeforeStart = "growth_objective_ends_before_start",
    /// The target is what the metric is worth at the start already (`start`).
    GrowthObjectiveTargetEqual = "growth_objective_target_equal",
    /// The target lies on the other side of the start value than the direction says (`start`, `direction`).
    GrowthObjectiveDirection = "growth_objective_direction",
    /// The metric has no value on the start's day, so there is nothing to start from (`value`).
    GrowthObjectiveNoStart = "growth_objective_no_start",
    /// A reached objective keeps what was aimed at; only its name changes (`day`).
    GrowthObjectiveReached = "growth_objective_reached",
    /// There are `max` objectives already.
    GrowthObjectivesTooMany = "growth_objectives_too_many",
    /// Acquisition spend is in the reporting currency alone (`currency`, `reporting`).
    GrowthSpendCurrency = "growth_spend_currency",
    /// The month is not written YYYY-MM, or lies in the future.
    GrowthMonthInvalid = "growth_month_invalid",
    /// The split is not one of segment and product.
    ForecastSplitUnknown = "forecast_split_unknown",

    /// The event is not a JSON object.
    UsageNotAnObject = "usage_not_an_object",
    /// The body is not JSON, or its batch is not a list.
    UsageInvalidJson = "usage_invalid_json",
    /// The event has no `messageId`.
    UsageMessageIdMissing = "usage_message_id_missing",
    /// The event's `type` is not one of Segment's (`type`).
    UsageTypeUnknown = "usage_type_unknown",
    /// The event names neither `userId` nor `anonymousId`.
    UsageUserMissing = "usage_user_missing",
    /// A `track` event has no `event` name.
    UsageEventMissing = "usage_event_missing",
    /// A `group` event has no `groupId`.
    UsageGroupMissing = "usage_group_missing",
    /// An `alias` event has no `previousId`.
    UsagePreviousMissing = "usage_previous_missing",
    /// A timestamp is not an ISO 8601 instant (`value`).
    UsageTimestampInvalid = "usage_timestamp_invalid",
    /// The event is more than one hour in the future (`timestamp`).
    UsageInFuture = "usage_in_future",
    /// The event is more than 400 days old (`timestamp`).
    UsageTooOld = "usage_too_old",
    /// The event is larger than `max` bytes.
    UsageTooLarge = "usage_too_large",
    /// A field has the wrong type (`field`, `expected`).
    UsageFieldType = "usage_field_type",
    /// The group is unknown and the workspace does not create clients by itself.
    UsageGroupUnknown = "usage_group_unknown",
    /// The write key is unknown or revoked.
    UsageKeyInvalid = "usage_key_invalid",
    /// The body could not be un-gzipped.
    UsageGzipInvalid = "usage_gzip_invalid",

    /// The mapping file is not valid (`detail`).
    ConnectorsMappingInvalid = "connectors_mapping_invalid",
    /// A file that the mapping names is not there (`file`).
    ConnectorsFileMissing = "connectors_file_missing",
    /// A column that the mapping names is not in the file (`file`, `column`).
    ConnectorsColumnMissing = "connectors_column_missing",
    /// A row has more or fewer cells than the header (`line`).
    ConnectorsRowBroken = "connectors_row_broken",
    /// A cell is not of its type (`column`, `value`, `expected`).
    ConnectorsCellInvalid = "connectors_cell_invalid",
    /// The header names a column twice (`columns`).
    ConnectorsHeaderRepeats = "connectors_header_repeats",
    /// The file is neither CSV nor XLSX (`file`).
    ConnectorsFileKind = "connectors_file_kind",
    /// The file has no header (`file`).
    ConnectorsFileEmpty = "connectors_file_empty",
    /// The workbook holds more than can be unpacked (`max`, in bytes).
    ConnectorsWorkbookTooLarge = "connectors_workbook_too_large",
    /// Nothing of ours is called so (`column`, `value`).
    ConnectorsTargetUnknown = "connectors_target_unknown",
    /// Two columns are to be the same thing (`column`, `value`).
    ConnectorsTargetTwice = "connectors_target_twice",
    /// No column says which client or contact a row is about (`field`).
    ConnectorsKeyMissing = "connectors_key_missing",
    /// The days of a column can be read in two ways, and nobody has said which (`column`, `examples`).
    ConnectorsDatesAmbiguous = "connectors_dates_ambiguous",
    /// The numbers of a column can be read in two ways, and nobody has said which (`column`, `examples`).
    ConnectorsDecimalAmbiguous = "connectors_decimal_ambiguous",
    /// A row above is about the same thing (`line`).
    ConnectorsRowRepeated = "connectors_row_repeated",
    /// What the row would create is there already (`value`).
    ConnectorsRowExists = "connectors_row_exists",
    /// What the row would change is not there (`value`).
    ConnectorsRowUnknown = "connectors_row_unknown",
    /// Several clients or contacts have this domain or address (`value`).
    ConnectorsKeyShared = "connectors_key_shared",
    /// The import is at another step (`state`).
    ConnectorsImportState = "connectors_import_state",

    /// The list is not expansion, retention or conversation (`value`).
    OpportunitiesListUnknown = "opportunities_list_unknown",
    /// The state is not one of an opportunity's (`value`).
    OpportunitiesStateUnknown = "opportunities_state_unknown",
    /// The opportunity cannot go from the state `from` to the state `to`.
    OpportunitiesStep = "opportunities_step",
    /// The reason is not one of those that the state takes (`value`).
    OpportunitiesReasonUnknown = "opportunities_reason_unknown",
    /// The day until which it is snoozed is not in the future (`field`).
    OpportunitiesSnoozePast = "opportunities_snooze_past",
    /// The subscription is not one of the client's that run (`field`).
    OpportunitiesSubscriptionUnknown = "opportunities_subscription_unknown",

    /// A journey has at least one stage (`field`).
    JourneyNoStage = "journey_no_stage",
    /// A stage takes `min` to `max` days (`field`, `value`).
    JourneyDuration = "journey_duration",
    /// The key is not one: lower-case letters, digits and `_`, a letter first (`field`, `value`).
    JourneyKey = "journey_key",
    /// The key stands twice (`field`, `value`).
    JourneyKeyDuplicate = "journey_key_duplicate",
    /// The fact is decided by the journey itself, or with it: a criterion cannot ask for it (`field`, `fact`).
    JourneyFactCircular = "journey_fact_circular",
    /// A criterion waits for a key action that the template has not (`field`, `value`, `expected`).
    JourneyActionUnknown = "journey_action_unknown",
    /// The milestone lies before its stage begins (`field`, `value`; of a dated one `way`, and `min`, the earliest day).
    JourneyMilestoneEarly = "journey_milestone_early",
    /// The milestone lies after its stage's planned end (`field`, `value`, `max`).
    JourneyMilestoneLate = "journey_milestone_late",
    /// The weights of criteria and actions sum to `sum` instead of 100 (`field`).
    JourneyWeightsSum = "journey_weights_sum",
    /// The segment has a template already (`field`, `value`).
    JourneySegmentTaken = "journey_segment_taken",
    /// The built-in template is always there.
    JourneyTemplateBuiltIn = "journey_template_built_in",
    /// The client is on a journey already.
    JourneyExists = "journey_exists",
    /// The client has no journey; start one.
    JourneyNone = "journey_none",
    /// There is no such stage in the client's journey (`field`, `value`, `expected`).
    JourneyStageUnknown = "journey_stage_unknown",
    /// Required criteria of the stage do not hold (`missing`).
    JourneyNotReady = "journey_not_ready",
    /// The criterion is measured: its facts decide (`field`, `value`).
    JourneyCriterionMeasured = "journey_criterion_measured",
    /// The action is not the client's to tick.
    JourneyActionNotYours = "journey_action_not_yours",
    /// The shared link is unknown.
    JourneyShareUnknown = "journey_share_unknown",
    /// The shared link is revoked or expired (`why`).
    JourneyShareOver = "journey_share_over",
    /// The clients asked for are not late, at_risk, ask or stalled (`field`, `value`).
    JourneyStateUnknown = "journey_state_unknown",

    /// The owner is not a member of this workspace (`field`).
    TasksOwnerUnknown = "tasks_owner_unknown",
    /// The priority is not low, normal, high or urgent (`value`).
    TasksPriorityUnknown = "tasks_priority_unknown",
    /// The origin is not hand, action, opportunity or journey (`value`).
    TasksOriginUnknown = "tasks_origin_unknown",
    /// The tasks asked for are not open, overdue, today, later or done (`value`).
    TasksWhenUnknown = "tasks_when_unknown",

    /// The kind of notification is not known (`value`).
    NotificationsKindUnknown = "notifications_kind_unknown",

    /// The expression does not read (`at` and `length` in characters, `expected`, `found`).
    ExpressionsSyntax = "expressions_syntax",
    /// The tree of the expression is not one (`path`, `expected`).
    ExpressionsTree = "expressions_tree",
    /// There is no such fact (`value`, `nearest`; `at` and `length`, or `path`).
    ExpressionsFactUnknown = "expressions_fact_unknown",
    /// The fact is not compared so (`fact`, `operator`, `expected`; `at` and `length`, or `path`).
    ExpressionsOperator = "expressions_operator",
    /// The value is none of the fact's (`fact`, `expected`; `at` and `length`, or `path`).
    ExpressionsValue = "expressions_value",
    /// The expression is longer than `max` characters.
    ExpressionsTooLong = "expressions_too_long",
    /// Groups stand deeper than `max` in one another.
    ExpressionsTooDeep = "expressions_too_deep",
    /// There are more than `max` conditions.
    ExpressionsTooMany = "expressions_too_many",

    /// There is already a field of that key (`field`, `value`).
    ClientsFieldExists = "clients_field_exists",
    /// The key is not one: lower-case letters, digits and `_`, a letter first (`field`, `value`).
    ClientsFieldKey = "clients_field_key",
    /// The kind of a field is not known (`field`, `value`).
    ClientsFieldKind = "clients_field_kind",
    /// There is no field of that key (`field`, `value`).
    ClientsFieldUnknown = "clients_field_unknown",
    /// The word is not among the field's choices (`field`, `value`, `expected`).
    ClientsFieldChoice = "clients_field_choice",
    /// The tab is not all, risk, onboarding, active, paused or archived (`field`, `value`).
    ClientsTabUnknown = "clients_tab_unknown",
    /// The fact cannot be set by hand (`field`, `value`).
    ClientsFactFixed = "clients_fact_fixed",
    /// The selection is empty (`field`).
    ClientsSelectionEmpty = "clients_selection_empty",
    /// A client cannot be merged with itself.
    ClientsMergeSelf = "clients_merge_self",
    /// One of the two stands above the other: a parent and its child are two clients.
    ClientsMergeFamily = "clients_merge_family",
    /// One of the two is archived, in the trash or merged already.
    ClientsMergeGone = "clients_merge_gone",
    /// The client is in the trash or has been merged: nothing is added to it.
    ClientsGone = "clients_gone",
    /// The client is not in the trash.
    ClientsNotInTrash = "clients_not_in_trash",
    /// This person or client was erased; it comes back once an administrator allows it (`field`).
    ClientsErased = "clients_erased",
    /// What was typed is not the name of what is to be erased.
    ClientsNameMismatch = "clients_name_mismatch",
    /// The files of one client take at most `max` bytes together.
    ClientsFilesFull = "clients_files_full",
    /// The file's content is not in the data directory of this Essor.
    ClientsFileMissing = "clients_file_missing",
    /// The client still pays: it is archived once it no longer does.
    ClientsStillPaying = "clients_still_paying",
    /// The run is not in a state for that (`state`).
    ClientsBulkState = "clients_bulk_state",
    /// Somebody who is to receive clients is no member, or is the one whose clients go (`field`).
    ClientsReceiverUnknown = "clients_receiver_unknown",
    /// An absence cannot end before tomorrow (`field`).
    ClientsReturnPast = "clients_return_past",

    /// The kind of a survey is not nps, csat or ces (`field`, `value`).
    SurveysKindUnknown = "surveys_kind_unknown",
    /// The survey was sent: what it asks stays as it was asked (`field`).
    SurveysSent = "surveys_sent",
    /// The survey is closed: it asks nobody and takes no answer.
    SurveysClosed = "surveys_closed",
    /// Nobody of the selection may be asked; nothing was sent.
    SurveysNobody = "surveys_nobody",
    /// The person may not be asked (`reason`: archived, left, refused, no_address or recent).
    SurveysLeftOut = "surveys_left_out",
    /// No mail server is set (`field`).
    SurveysMailOff = "surveys_mail_off",
    /// The link cannot be answered (`reason`: unknown, closed, expired or removed).
    SurveysLinkOver = "surveys_link_over",
    /// The month is not `YYYY-MM` (`field`, `value`).
    SurveysMonth = "surveys_month",
}

/// A refusal: what rule was broken, with the parameters of its sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Invalid {
    /// The stable code.
    pub code: Code,
    /// What the sentence needs: `field`, limits, the offending value.
    pub params: Map<String, Value>,
}

impl Invalid {
    /// A refusal without parameters.
    pub fn new(code: Code) -> Self {
        Invalid { code, params: Map::new() }
    }

    /// A refusal of one field.
    pub fn field(code: Code, field: impl Into<String>) -> Self {
        Invalid::new(code).with("field", field.into())
    }

    /// The same refusal with one more parameter.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.params.insert(key.to_owned(), value.into());
        self
    }

    /// The same refusal with its field written inside `prefix` (`items[3]` → `items[3].startDate`).
    #[must_use]
    pub fn inside(mut self, prefix: &str) -> Self {
        let field = match self.params.get("field").and_then(Value::as_str) {
            Some(field) => format!("{prefix}.{field}"),
            None => prefix.to_owned(),
        };
        self.params.insert("field".to_owned(), field.into());
        self
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.as_str())?;
        for (i, (key, value)) in self.params.iter().enumerate() {
            write!(f, "{}{key}={value}", if i == 0 { ": " } else { ", " })?;
        }
        Ok(())
    }
}

impl std::error::Error for Invalid {}
