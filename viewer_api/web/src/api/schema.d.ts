/**
 * Types of the HTTP interface, made from its OpenAPI document by scripts/api_types.py; do not edit.
 * Made from: cf1c3bbcadcc72354876f0c32110a0a2788ec32db1c7747c60d8f93475bb005d
 */
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Somebody is away. */
        readonly AbsenceIn: {
            readonly user: string;
            readonly kind: components["schemas"]["AbsenceKind"];
            /** Format: date-time */
            readonly starts_at: string;
            /** Format: date-time */
            readonly ends_at: string;
            readonly note?: string;
        };
        /**
         * @description Why somebody is away.
         * @enum {string}
         */
        readonly AbsenceKind: "leave" | "sick" | "training" | "other";
        /** @description Somebody is away; why is told to managers and to himself. */
        readonly AbsenceOut: {
            readonly id: number;
            readonly user: string;
            readonly kind: components["schemas"]["AbsenceKind"] | null;
            readonly starts_at: string;
            readonly ends_at: string;
            readonly note: string;
        };
        /** @description Whose equipment it is, where the guess is not right; nothing at all to agree with it. */
        readonly AcceptIn: {
            readonly name?: string | null;
            readonly modality?: string | null;
            readonly kind?: components["schemas"]["DeviceKind"] | null;
            readonly active?: boolean | null;
            readonly called_ae_title?: string | null;
            /** @description Null or empty: from anywhere. */
            readonly networks?: readonly string[] | null;
            readonly certificate_sha256?: string | null;
            readonly host?: string | null;
            readonly port?: number | null;
            /** @description Null or empty: every storage class of the standard. */
            readonly sop_classes?: readonly string[] | null;
            readonly unknown_sop_classes?: boolean | null;
            readonly charset?: string | null;
            readonly charset_rule?: components["schemas"]["CharsetRule"] | null;
            readonly worklist_charset?: string | null;
            readonly issuer?: string | null;
            readonly daily_objects?: number | null;
            readonly daily_bytes?: number | null;
            readonly may_query?: boolean | null;
            readonly ready_idle?: number | null;
            readonly release_means_whole?: boolean | null;
            readonly institution?: string | null;
        };
        /** @description What is given is changed. */
        readonly AccountChange: {
            readonly name?: string | null;
            readonly title?: string | null;
            readonly role?: components["schemas"]["Role"] | null;
            readonly institution?: string | null;
            readonly modalities?: readonly string[] | null;
            readonly active?: boolean | null;
        };
        /** @description An account as those see it who run the centre. */
        readonly AccountLine: {
            readonly username: string;
            readonly name: string;
            readonly title: string;
            readonly role: components["schemas"]["Role"];
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            readonly modalities: readonly string[] | null;
            readonly active: boolean;
            readonly must_change_password: boolean;
            readonly second_factor: boolean;
            /** @description Whether he has logged in by the county's identity provider. */
            readonly single_sign_on: boolean;
            readonly last_login_at: string | null;
            readonly locked_until: string | null;
            readonly sessions: number;
            /** @description Whether the caller may change it: those who run the centre are the administrator's. */
            readonly may_change: boolean;
        };
        /** @description Every account, by institution and name. */
        readonly AccountList: {
            readonly items: readonly components["schemas"]["AccountLine"][];
            readonly institutions: readonly components["schemas"]["InstitutionChoice"][];
        };
        /** @description What there is to know about the own account. */
        readonly AccountOut: {
            readonly user: components["schemas"]["UserOut"];
            readonly method: components["schemas"]["LoginMethod"];
            readonly second_factor: boolean;
            readonly second_factor_required: boolean;
            readonly recovery_codes_left: number;
            readonly password_set_at: string | null;
            /** @description Characters that a password needs. */
            readonly min_length: number;
        };
        /** @description Who received it and what he read back. `method` and `at` are of what a caller of the centre heard. */
        readonly AcknowledgeIn: {
            readonly receiver?: string;
            readonly read_back: string;
            readonly method?: components["schemas"]["Method"];
            readonly at?: string | null;
        };
        /**
         * @description What an actor, or a clock, does to a task.
         * @enum {string}
         */
        readonly Action: "open" | "reconcile" | "assign" | "claim" | "resume" | "heartbeat" | "release" | "expire" | "submit" | "preliminary" | "sign" | "reject" | "return" | "retaken" | "late_images" | "ask" | "answer" | "consult" | "opinion" | "decline_consult" | "recall" | "decline" | "cancel" | "receipt" | "amend" | "withdraw" | "reread" | "close" | "prioritise" | "escalate";
        /** @description A later version: `amended` replaces, `addendum` adds. */
        readonly AmendIn: {
            readonly report: components["schemas"]["ReadingsReportIn"];
            readonly reason: string;
            readonly kind?: components["schemas"]["ReportKind"];
            readonly override_reason?: string;
        };
        /** @description All the objects that one association brought to one study. */
        readonly AnnouncementIn: {
            readonly association: string;
            readonly ae_title: string;
            readonly study: string;
            readonly objects: readonly string[];
        };
        /** @description Why they are two people. */
        readonly ApartIn: {
            readonly note?: string;
        };
        readonly AskIn: {
            readonly lease_token: string;
            readonly series_instance_uid?: string | null;
            readonly sop_instance_uid?: string | null;
            readonly frame?: number | null;
            /** @description left, top, right, bottom */
            readonly region?: readonly [
                number,
                number,
                number,
                number
            ] | null;
            /** @enum {string} */
            readonly shape?: "rectangle" | "arrow";
            readonly question: string;
        };
        /** @description One consultation, with what the centre has written. */
        readonly AskedDetail: {
            readonly id: number;
            readonly state: components["schemas"]["ConsultationState"];
            readonly hospital: string;
            readonly hospital_name: string;
            readonly hospital_name_en: string;
            /** @description Empty for a clinic. */
            readonly question: string;
            readonly asked_by: string;
            readonly asked_at: string;
            /** @description Who has it in hand, or has answered. */
            readonly consultant: string | null;
            /** @description What was said, or empty; for a clinic always empty: the signed report has it. */
            readonly opinion: string;
            readonly ended_at: string | null;
            readonly expires_at: string;
            readonly reminders: number;
            readonly task_id: number;
            readonly study_instance_uid: string;
            readonly priority: components["schemas"]["Priority"];
            readonly modality: string;
            readonly description: string;
            readonly body_part: string;
            readonly institution_name: string;
            /** @description The clinic. */
            readonly institution_name_en: string;
            readonly exam_started_at: string | null;
            readonly patient: components["schemas"]["PatientOut"];
            readonly images: number;
            /** @description The caller has it in hand. */
            readonly mine: boolean;
            readonly draft: components["schemas"]["AskedDraftOut"] | null;
        };
        /** @description What the centre has written so far. */
        readonly AskedDraftOut: {
            readonly findings: string;
            readonly impression: string;
        };
        /** @description What the hospital is asked, with the study that it sees for as long as it is asked. */
        readonly AskedOut: {
            readonly id: number;
            readonly state: components["schemas"]["ConsultationState"];
            readonly hospital: string;
            readonly hospital_name: string;
            readonly hospital_name_en: string;
            /** @description Empty for a clinic. */
            readonly question: string;
            readonly asked_by: string;
            readonly asked_at: string;
            /** @description Who has it in hand, or has answered. */
            readonly consultant: string | null;
            /** @description What was said, or empty; for a clinic always empty: the signed report has it. */
            readonly opinion: string;
            readonly ended_at: string | null;
            readonly expires_at: string;
            readonly reminders: number;
            readonly task_id: number;
            readonly study_instance_uid: string;
            readonly priority: components["schemas"]["Priority"];
            readonly modality: string;
            readonly description: string;
            readonly body_part: string;
            readonly institution_name: string;
            /** @description The clinic. */
            readonly institution_name_en: string;
            readonly exam_started_at: string | null;
            readonly patient: components["schemas"]["PatientOut"];
            readonly images: number;
            /** @description The caller has it in hand. */
            readonly mine: boolean;
        };
        readonly AskedPage: {
            readonly items: readonly components["schemas"]["AskedOut"][];
            readonly next: null;
        };
        /** @description Keep the task for one reader, who has ten minutes to claim it. */
        readonly AssignIn: {
            readonly reader: string;
            readonly reason?: string;
        };
        /** @description An association that is over, with everything it brought on this side. */
        readonly AssociationIn: {
            readonly key: string;
            readonly ae_title: string;
            readonly address: string;
            readonly started_at: string;
            readonly ended_at: string;
            readonly received: number;
            readonly refused: number;
            readonly released: boolean;
        };
        /** @description One call: number 0 is a test, `status` null where nobody answered, `error` empty where it was taken. */
        readonly AttemptOut: {
            readonly id: number;
            readonly seq: number;
            readonly at: string;
            readonly milliseconds: number;
            readonly status: number | null;
            readonly error: string;
        };
        readonly AttemptPage: {
            readonly items: readonly components["schemas"]["AttemptOut"][];
            readonly next: string | null;
        };
        /** @description The latest first; `next` is the cursor of what is before it. */
        readonly AuditFound: {
            readonly items: readonly components["schemas"]["AuditLine"][];
            readonly next: number | null;
        };
        /** @description One link of the chain. `name` is the user name behind the actor where there is one. */
        readonly AuditLine: {
            readonly seq: number;
            readonly at: string;
            readonly actor: string;
            readonly name: string;
            readonly action: string;
            readonly subject: string;
            readonly outcome: string;
            readonly detail: {
                readonly [key: string]: unknown;
            };
            readonly sha256: string;
        };
        /** @description A search, and which part of what it finds. The patient's number comes in the body: it belongs in no URL. */
        readonly AuditSearch: {
            /** @description A user name, or an actor as the trail has it: `user:17`, `key:3fa85f64`, `share:5`. */
            readonly who?: string;
            readonly action?: string;
            readonly subject?: string;
            readonly study?: string;
            /** @enum {string} */
            readonly outcome?: "" | "done" | "refused";
            readonly since?: string | null;
            readonly until?: string | null;
            readonly patient?: string;
            readonly limit?: number;
            readonly cursor?: number | null;
        };
        /** @description How long the chain is, and when its head was written down outside the database last. */
        readonly AuditState: {
            readonly links: number;
            readonly head: string;
            readonly anchored_at: string | null;
            readonly anchored_links: number;
            readonly archived_links: number;
            /** @description Whether the next anchor should have been taken long ago. */
            readonly overdue: boolean;
        };
        /** @description What second looks found: of one author, or of one modality. */
        readonly AuthorFigureOut: {
            readonly key: string;
            readonly label: string;
            readonly compared: number;
            readonly none: number;
            readonly minor: number;
            readonly major: number;
            readonly judged: number;
            readonly discrepancy_rate: number | null;
            readonly drawn: number;
            readonly reviewed: number;
            readonly scores: {
                readonly [key: string]: number;
            };
            readonly review_rate: number | null;
        };
        /** @description What waits at the station, and what has gone. Sizes in bytes as received there. */
        readonly BacklogIn: {
            readonly waiting: number;
            readonly waiting_bytes: number;
            readonly urgent: number;
            /** @description Objects of devices that are not known here. */
            readonly held: number;
            readonly sent: number;
            readonly sent_bytes: number;
            readonly sent_today: number;
            readonly oldest_seconds: number;
            readonly free_bytes: number;
        };
        /** @description What waits for a reader, is in hand, or waits for the clinic (`paused`), of one modality. */
        readonly BacklogLine: {
            readonly modality: string;
            readonly waiting: number;
            readonly in_hand: number;
            readonly paused: number;
            readonly breached: number;
        };
        /**
         * @description What the 10 minutes of the national indicator count from: the discovery (RQI-RCV-04), or the report (US-CV-01).
         * @enum {string}
         */
        readonly Basis: "discovered" | "report_issued";
        /** @description Beats of each kind. */
        readonly BeatCountsOut: {
            readonly normal: number;
            readonly ventricular: number;
            readonly supraventricular: number;
            readonly paced: number;
            readonly unclassifiable: number;
        };
        /** @description The same with what the manager acts on. */
        readonly BoardOut: {
            readonly at: string;
            /** @description After how long a screen may ask again. */
            readonly seconds: number;
            /** @description Of due time, the worst first: breached, late, minutes, later, paused. */
            readonly steps: readonly string[];
            readonly classes: readonly components["schemas"]["ClassLine"][];
            readonly backlog: readonly components["schemas"]["BacklogLine"][];
            readonly readers: readonly components["schemas"]["ReaderLine"][];
            readonly breaches: readonly components["schemas"]["BreachLine"][];
            /** @description Where the time of the breaches went. */
            readonly lost: components["schemas"]["LostOut"];
            readonly silent_hours: number;
            readonly silent: readonly components["schemas"]["SilentOut"][];
            readonly critical: readonly components["schemas"]["CriticalClockOut"][];
            /** @description What is due first first. */
            readonly tasks: readonly components["schemas"]["TaskOut"][];
            readonly more_tasks: boolean;
            readonly critical_cases: readonly components["schemas"]["CriticalCaseOut"][];
        };
        /** @description Password, and a code of the authenticator or a recovery code. */
        readonly BothShown: {
            readonly password: string;
            readonly code: string;
        };
        /** @description A task past its maximum; `longest` is the part of the clock that took most of the time. */
        readonly BreachLine: {
            readonly task_id: number;
            readonly priority: components["schemas"]["Priority"];
            readonly modality: string;
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            readonly limit_at: string;
            readonly signed_at: string | null;
            readonly longest: components["schemas"]["Part"] | null;
            /** @description Seconds by part; empty where it was not looked at. */
            readonly parts: {
                readonly [key: string]: number;
            };
        };
        /** @description One decision for everything that waits of a study or of a device. */
        readonly BulkIn: {
            readonly resolution: components["schemas"]["Decision"];
            readonly note?: string;
            /** @description With `take_in` of an object of another patient: the two are one person, and are merged. */
            readonly same_person?: boolean;
            /** @description With `replace`: also where a signed report rests on the older object. */
            readonly despite_report?: boolean;
            readonly reason?: components["schemas"]["QuarantineReason"] | null;
            readonly study_instance_uid?: string;
            readonly ae_title?: string;
        };
        /** @description What was decided on, what could not be, and how much is left for another call. */
        readonly BulkOut: {
            readonly done: readonly number[];
            readonly refused: readonly components["schemas"]["RefusalOut"][];
            readonly left: number;
        };
        readonly CancelIn: {
            readonly reason: string;
        };
        /** @description Orders and studies of the same patient, of the last days, by the same kind of equipment. */
        readonly CandidatesOut: {
            readonly orders: readonly components["schemas"]["OrderOut"][];
            readonly studies: readonly components["schemas"]["EarlierStudy"][];
        };
        /**
         * @description What an actor, or a clock, does to a critical case.
         * @enum {string}
         */
        readonly CaseAction: "suspect" | "confirm" | "notify" | "acknowledge" | "feed_back" | "close" | "false_alarm" | "escalate" | "report";
        /** @description A case with its record, and who will be told when. */
        readonly CaseDetail: {
            readonly id: number;
            readonly study_instance_uid: string;
            readonly task_id: number | null;
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            readonly clinic_phone: string;
            readonly patient: components["schemas"]["PatientOut"];
            readonly modality: string;
            readonly description: string;
            readonly priority: components["schemas"]["Priority"];
            readonly code: string;
            readonly name: string;
            readonly name_en: string;
            readonly finding: string;
            readonly source: components["schemas"]["CaseSource"];
            readonly source_detail: string;
            readonly state: components["schemas"]["CaseState"];
            readonly version: number;
            readonly basis: components["schemas"]["Basis"];
            readonly suspected_at: string;
            readonly confirmed_at: string | null;
            readonly confirmed_by_name: string | null;
            readonly notified_at: string | null;
            readonly acked_at: string | null;
            readonly treated_at: string | null;
            readonly ended_at: string | null;
            readonly state_since: string;
            /** @description When the present state ought to be left; null when the case has ended. */
            readonly due_at: string | null;
            readonly overdue: boolean;
            /** @description How many steps of the ladder have been taken in this state. */
            readonly steps_told: number;
            readonly notifier: string;
            readonly receiver: string;
            /** @description How the clinic was told last; empty before. */
            readonly method: components["schemas"]["Method"] | "";
            /** @description When the clinic itself wrote down that it knows. */
            readonly heard_at: string | null;
            readonly allowed_actions: readonly ("confirm" | "notify" | "acknowledge" | "feed_back" | "close" | "false_alarm")[];
            readonly events: readonly components["schemas"]["CaseEventOut"][];
            /** @description Whether every event is what was written, by its hashes. */
            readonly intact: boolean;
            readonly ladder: readonly components["schemas"]["LadderOut"][];
        };
        /** @description One step of a case. `other_side` was told, or told. */
        readonly CaseEventOut: {
            readonly seq: number;
            readonly action: components["schemas"]["CaseAction"];
            readonly from_state: components["schemas"]["CaseState"] | "";
            readonly to_state: components["schemas"]["CaseState"];
            readonly actor_name: string;
            readonly actor_title: string;
            readonly of_clinic: boolean;
            /** @description When it was written down. */
            readonly at: string;
            /** @description When it was; a phone call may be written down later. */
            readonly happened_at: string;
            readonly method: components["schemas"]["Method"] | "";
            readonly other_side: string;
            readonly receiver: string;
            readonly content: string;
            readonly posts: readonly string[];
            readonly sha256: string;
        };
        /** @description A case behind an indicator. The patient is named by the family name and stars alone, whoever asks. */
        readonly CaseLine: {
            readonly task_id: number | null;
            readonly patient: string;
            readonly sex: string;
            readonly age: string;
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            readonly modality: string;
            readonly priority: components["schemas"]["Priority"] | null;
            /** @description When it counts: signed, ordered to be taken again, or discovered. */
            readonly at: string;
            readonly counts: boolean;
            readonly why: components["schemas"]["Why"];
            readonly minutes: number | null;
        };
        /** @description The latest first; `total` is how many there are. */
        readonly CaseList: {
            readonly items: readonly components["schemas"]["CaseLine"][];
            readonly total: number;
        };
        /**
         * @description Who or what raised a case first.
         * @enum {string}
         */
        readonly CaseSource: "clinic" | "device" | "measurement" | "reader" | "report";
        /**
         * @description States of a critical case; `reading_queue.critical.transitions` says which step leads where.
         * @enum {string}
         */
        readonly CaseState: "suspected" | "confirmed" | "notified" | "acked" | "treated" | "closed" | "false_alarm";
        /** @description A reading task of the case, with both its clocks. */
        readonly CaseTaskOut: {
            readonly id: number;
            readonly study_instance_uid: string;
            readonly state: components["schemas"]["TaskState"];
            readonly priority: components["schemas"]["Priority"];
            readonly modality: string;
            readonly description: string;
            readonly body_part: string;
            readonly exam_started_at: string | null;
            readonly ready_at: string;
            readonly preliminary_at: string | null;
            readonly signed_at: string | null;
            readonly due_at: string;
            readonly limit_at: string;
            readonly regulatory_due_at: string | null;
            readonly paused: boolean;
            readonly sla: components["schemas"]["Standing"];
        };
        /** @description Which cases to see, and why: the reason stands on the audit chain with the caller's name. */
        readonly CasesIn: {
            readonly begin?: string | null;
            readonly end?: string | null;
            readonly institution?: string;
            readonly modality?: string;
            readonly code: components["schemas"]["Code"];
            readonly month?: string;
            /** @description Only those in the numerator, or only the others. */
            readonly counts?: boolean | null;
            readonly reason: string;
        };
        /**
         * @description By which a notice leaves the house; in the application everybody who is told has it at once.
         * @enum {string}
         */
        readonly Channel: "email" | "sms" | "webhook";
        /** @description A chapter in the list: what is in force, and what comes next. */
        readonly ChapterLine: {
            readonly kind: components["schemas"]["RuleKind"];
            /** @description The edition in force; 0 is what the product ships. */
            readonly version: number;
            readonly effective_from: string | null;
            readonly published_by_name: string;
            readonly note: string;
            readonly editions: number;
            readonly next_version: number | null;
            readonly next_from: string | null;
        };
        /** @description A chapter with all its editions, the newest first; the last is what the product ships. */
        readonly ChapterOut: {
            readonly kind: components["schemas"]["RuleKind"];
            readonly version: number;
            readonly editions: readonly components["schemas"]["EditionOut"][];
        };
        /**
         * @description When a device's character set counts: where an object declares none or one that does not fit, or always.
         * @enum {string}
         */
        readonly CharsetRule: "undeclared" | "always";
        /** @description A report as it stands; anything may be missing. */
        readonly CheckedText: {
            readonly findings?: string;
            readonly impression?: string;
            readonly positive?: boolean | null;
            readonly critical?: string | null;
        };
        /** @description Every write to the task needs `lease_token`; a heartbeat a minute keeps it alive. */
        readonly ClaimOut: {
            readonly task: components["schemas"]["ClaimedTask"];
            readonly lease_token: string;
            readonly lease_expires_at: string;
        };
        /** @description A task in the caller's hand, with what has been written so far. */
        readonly ClaimedTask: {
            readonly id: number;
            readonly state: components["schemas"]["TaskState"];
            readonly priority: components["schemas"]["Priority"];
            readonly modality: string;
            readonly step: string;
            readonly study_instance_uid: string;
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            /** @description Target of the contract's clock; moved forward by pauses. */
            readonly due_at: string;
            /** @description Maximum of the contract's clock. */
            readonly limit_at: string;
            readonly regulatory_due_at: string | null;
            readonly ready_at: string;
            readonly created_at: string;
            readonly state_since: string;
            readonly exam_started_at: string | null;
            /** @description The day it was made, where its objects tell a day and no time. */
            readonly exam_date: string | null;
            readonly reader: string | null;
            readonly reader_name: string | null;
            readonly author: string | null;
            readonly author_name: string | null;
            readonly signer: string | null;
            readonly signer_name: string | null;
            /** @description Who is to read it, while it is assigned or waits for the clinic. */
            readonly kept_for: string | null;
            readonly kept_for_name: string | null;
            readonly lease_expires_at: string | null;
            /** @description The clock stands still: the clinic was asked for something. */
            readonly paused: boolean;
            readonly escalation: number;
            readonly version: number;
            readonly patient: components["schemas"]["PatientOut"];
            readonly description: string;
            readonly body_part: string;
            readonly series: number;
            readonly instances: number;
            /** @description Why the study was opened for reading. */
            readonly ready_reason: components["schemas"]["ReadyReason"] | null;
            /** @description Objects of the study that were named or announced and have not come. */
            readonly missing: number;
            /** @description Out of how many, where that is known. */
            readonly expected: number | null;
            /** @description It is read although objects are missing, or the waiting was cut short. */
            readonly may_be_incomplete: boolean;
            /** @description More images are arriving now. */
            readonly more_arriving: boolean;
            /** @description The task that the study had before this one. */
            readonly previous_task_id: number | null;
            /** @description How the study contradicts its order: name, sex, birth_date, other_clinic. */
            readonly mismatch: readonly string[];
            /** @description One of two readings that know nothing of each other. */
            readonly independent: boolean;
            /** @description Since when the clinic has a preliminary report. */
            readonly preliminary_at: string | null;
            /** @description Calling AE title of the equipment that sent it. */
            readonly device: string;
            readonly accession_number: string;
            readonly thumbnail: string | null;
            readonly report_id: number | null;
            /** @description What its last version is: preliminary, or withdrawn, say. */
            readonly report_kind: components["schemas"]["ReportKind"] | null;
            /** @description What the caller may do with it now. */
            readonly allowed_actions: readonly components["schemas"]["Action"][];
            readonly sla: components["schemas"]["Standing"];
            /** @description Images that have come since the case was taken in hand, or since its report was drafted. */
            readonly late_images: number;
            readonly late_images_since: string | null;
            readonly before: components["schemas"]["TaskBeforeOut"] | null;
            /** @description Null where the study came without an order. */
            readonly request: components["schemas"]["WorklistRequestOut"] | null;
            readonly draft: components["schemas"]["DraftOut"] | null;
        };
        /** @description Open tasks of one class: `steps` by the names of the board's steps; what is not named is none. */
        readonly ClassLine: {
            readonly priority: components["schemas"]["Priority"];
            readonly open: number;
            readonly steps: {
                readonly [key: string]: number;
            };
        };
        /** @description A clinic's months and modalities. */
        readonly ClinicFigures: {
            /** Format: date */
            readonly begin: string;
            /** Format: date */
            readonly end: string;
            readonly whole: components["schemas"]["ClinicLine"];
            readonly months: readonly components["schemas"]["ClinicLine"][];
            readonly modalities: readonly components["schemas"]["ClinicLine"][];
        };
        /** @description A month, or a modality. Minutes are medians and ninetieth percentiles; null where nothing was signed. */
        readonly ClinicLine: {
            readonly key: string;
            readonly signed: number;
            /** @description From the start of the examination to the report, nothing taken off. */
            readonly from_exam_median: number | null;
            /** @description From when the images were whole to the report, less what waited for the clinic. */
            readonly from_ready_median: number | null;
            readonly from_ready_p90: number | null;
            /** @description Signed before the maximum of their class. */
            readonly in_time: number;
            readonly retakes: number;
            readonly grade_a: number;
            readonly grade_b: number;
            readonly grade_c: number;
            readonly grade_reject: number;
            /** @description Critical values; null by modality. */
            readonly critical: number | null;
        };
        /**
         * @description The indicators by their national code.
         * @enum {string}
         */
        readonly Code: "RQI-RRC-02" | "RQI-RCV-04" | "US-CV-01" | "RQI-IIA-01" | "RQI-RWS-03" | "RQI-RCR-06" | "RQI-RCR-07";
        /** @description What the authenticator shows now. */
        readonly CodeShown: {
            readonly code: string;
        };
        /**
         * @description Which exams it is for; what is left out is not asked.
         *
         *     One of `body_parts` must be that of the study or of a series, one of `words` be in body part or descriptions; `views`
         *     must all be there; `least` and `most` count pictures of projections and ultrasound, else series.
         */
        readonly Condition: {
            readonly modalities: readonly string[];
            readonly body_parts: readonly string[];
            readonly words: readonly string[];
            readonly views: readonly string[];
            /** @enum {string} */
            readonly laterality: "" | "L" | "R";
            readonly least: number;
            readonly most: number | null;
            readonly prior: boolean | null;
        };
        readonly ConfirmIn: {
            readonly finding?: string;
            readonly told?: components["schemas"]["ToldIn"] | null;
        };
        /** @description Which hospital is asked, and what. */
        readonly ConsultIn: {
            readonly lease_token: string;
            readonly hospital: string;
            readonly question: string;
        };
        /** @description A hospital was asked about a case. */
        readonly ConsultationOut: {
            readonly id: number;
            readonly state: components["schemas"]["ConsultationState"];
            readonly hospital: string;
            readonly hospital_name: string;
            readonly hospital_name_en: string;
            /** @description Empty for a clinic. */
            readonly question: string;
            readonly asked_by: string;
            readonly asked_at: string;
            /** @description Who has it in hand, or has answered. */
            readonly consultant: string | null;
            /** @description What was said, or empty; for a clinic always empty: the signed report has it. */
            readonly opinion: string;
            readonly ended_at: string | null;
            readonly expires_at: string;
            readonly reminders: number;
        };
        /**
         * @description Where an asked opinion stands.
         * @enum {string}
         */
        readonly ConsultationState: "asked" | "accepted" | "answered" | "declined" | "recalled" | "expired";
        /** @description What is not given stays. */
        readonly ContactIn: {
            readonly email?: string | null;
            readonly mobile?: string | null;
        };
        /** @description Where somebody is reached. */
        readonly ContactOut: {
            readonly username: string;
            readonly name: string;
            readonly role: components["schemas"]["Role"];
            readonly institution: string;
            readonly institution_name: string;
            readonly email: string;
            readonly mobile: string;
        };
        /** @description What an edition is to say. */
        readonly ContentIn: {
            readonly content: {
                readonly [key: string]: unknown;
            };
        };
        /** @description Everything that was said about a study, the oldest first. */
        readonly ConversationOut: {
            readonly items: readonly components["schemas"]["NotesLineOut"][];
        };
        /** @description Two Mondays. */
        readonly CopyIn: {
            /** Format: date */
            readonly source: string;
            /** Format: date */
            readonly target: string;
        };
        /** @description By what the line is changed: below zero where it was too much. */
        readonly CorrectIn: {
            readonly words: string;
            readonly fee?: number;
            readonly read_pay?: number;
            readonly audit_pay?: number;
        };
        /** @description A case of the denominator, and why it is in the numerator or is not. */
        readonly CountedOut: {
            readonly id: number;
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            readonly modality: string;
            readonly name: string;
            readonly name_en: string;
            readonly basis_at: string;
            readonly reached_at: string | null;
            readonly minutes: number | null;
            readonly outcome: components["schemas"]["CriticalOutcome"];
        };
        /** @description The roster check. */
        readonly CoverageOut: {
            /** Format: date */
            readonly first: string;
            /** Format: date */
            readonly last: string;
            readonly gaps: readonly components["schemas"]["GapOut"][];
            readonly findings: readonly components["schemas"]["RostersFindingOut"][];
        };
        /** @description A user name and its password. */
        readonly Credentials: {
            readonly username: string;
            readonly password: string;
            /** @description Of the authenticator, or a recovery code; for accounts with a second factor. */
            readonly code?: string;
            /** @description For a screen on a wall: who patients are is not shown. */
            readonly masked?: boolean;
        };
        /** @description An open critical value: where it stands and until when; neither what it is nor whose. */
        readonly CriticalClockOut: {
            readonly id: number;
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            readonly modality: string;
            readonly state: components["schemas"]["CaseState"];
            readonly state_since: string;
            readonly due_at: string | null;
            readonly overdue: boolean;
        };
        /**
         * @description What a person decides about an object in quarantine.
         *
         *     TAKE_IN: put it through the intake again, under the present rules. REPLACE: let it become the instance, and keep the
         *     older object aside in its place. RESEND: the clinic puts it right and sends it anew. KEPT: it stays aside for good.
         *     DISCARDED: it is not wanted; its bytes are kept for `DAYS_KEPT` first.
         * @enum {string}
         */
        readonly Decision: "take_in" | "replace" | "resend" | "kept" | "discarded";
        /** @description One notice by one channel to one person, duty telephone or webhook. */
        readonly DeliveryOut: {
            readonly id: number;
            readonly kind: string;
            readonly urgency: components["schemas"]["Urgency"];
            readonly channel: components["schemas"]["Channel"];
            /** @description A name, never an address; the last digits of a duty telephone. */
            readonly to: string;
            readonly state: components["schemas"]["DeliveryState"];
            readonly attempts: number;
            readonly created_at: string;
            readonly next_attempt_at: string | null;
            readonly sent_at: string | null;
            readonly last_error: string;
            readonly last_error_at: string | null;
        };
        /**
         * @description FAILED will be tried again at its time; GIVEN_UP waits for a person.
         * @enum {string}
         */
        readonly DeliveryState: "pending" | "sending" | "sent" | "failed" | "given_up";
        /**
         * @description A group of modalities that are read by the same people.
         * @enum {string}
         */
        readonly Department: "radiology" | "ultrasound" | "cardiography" | "other";
        /** @description Where the results of an institution go. `from_seq` begins after that number: without it, with the next result. */
        readonly DestinationIn: {
            readonly host: string;
            readonly port: number;
            /** @description MSH-5. */
            readonly application?: string;
            /** @description MSH-6; the institution's code when empty. */
            readonly facility?: string;
            /** @enum {string} */
            readonly charset?: "UNICODE UTF-8" | "GB 18030-2000" | "GBK";
            readonly active?: boolean;
            readonly from_seq?: number | null;
        };
        /** @description A destination, and how far it is. */
        readonly DestinationOut: {
            readonly institution: string;
            readonly institution_name: string;
            readonly host: string;
            readonly port: number;
            readonly application: string;
            readonly facility: string;
            readonly charset: string;
            readonly active: boolean;
            readonly delivered_seq: number;
            readonly latest_seq: number;
            readonly delivered_at: string | null;
            readonly next_try_at: string;
            readonly attempts: number;
            readonly last_error: string;
        };
        /** @description A new device. */
        readonly DeviceIn: {
            readonly name?: string | null;
            readonly modality?: string | null;
            readonly kind?: components["schemas"]["DeviceKind"] | null;
            readonly active?: boolean | null;
            readonly called_ae_title?: string | null;
            /** @description Null or empty: from anywhere. */
            readonly networks?: readonly string[] | null;
            readonly certificate_sha256?: string | null;
            readonly host?: string | null;
            readonly port?: number | null;
            /** @description Null or empty: every storage class of the standard. */
            readonly sop_classes?: readonly string[] | null;
            readonly unknown_sop_classes?: boolean | null;
            readonly charset?: string | null;
            readonly charset_rule?: components["schemas"]["CharsetRule"] | null;
            readonly worklist_charset?: string | null;
            readonly issuer?: string | null;
            readonly daily_objects?: number | null;
            readonly daily_bytes?: number | null;
            readonly may_query?: boolean | null;
            readonly ready_idle?: number | null;
            readonly release_means_whole?: boolean | null;
            readonly ae_title: string;
            readonly institution: string;
        };
        /**
         * @description How a device reaches us: DICOM associations, uploads over HTTP, a watched folder, FTP, or an edge station's HTTPS.
         * @enum {string}
         */
        readonly DeviceKind: "dicom" | "upload" | "folder" | "ftp" | "edge";
        /** @description Equipment that may push studies, or another door to us, with its rules and what it did today. */
        readonly DeviceOut: {
            readonly id: number;
            readonly ae_title: string;
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            readonly name: string;
            readonly modality: string;
            readonly kind: components["schemas"]["DeviceKind"];
            readonly active: boolean;
            readonly called_ae_title: string;
            readonly networks: readonly string[] | null;
            readonly certificate_sha256: string;
            readonly host: string;
            readonly port: number | null;
            readonly sop_classes: readonly string[] | null;
            readonly unknown_sop_classes: boolean;
            readonly charset: string;
            readonly charset_rule: components["schemas"]["CharsetRule"];
            readonly worklist_charset: string;
            readonly issuer: string;
            readonly daily_objects: number | null;
            readonly daily_bytes: number | null;
            readonly may_query: boolean;
            readonly ready_idle: number | null;
            readonly release_means_whole: boolean;
            readonly last_seen_at: string | null;
            /** @description Objects kept since midnight of the county, from associations that began since then. */
            readonly received_today: number;
            readonly refused_today: number;
            /** @description Objects of the last 30 days whose text was in another character set than they declare. */
            readonly charset_repairs: number;
            /** @description What to set for it, empty when there is nothing to propose. */
            readonly charset_proposal: string;
        };
        /** @description All devices, and what their consoles have to be told. */
        readonly DevicePage: {
            readonly items: readonly components["schemas"]["DeviceOut"][];
            readonly next: string | null;
            readonly ae_title: string;
            /** @description HOST:PORT as the gateway listens. */
            readonly address: string;
            /** @description Empty when there is no TLS. */
            readonly tls_address: string;
            readonly institutions: readonly components["schemas"]["AdminInstitutionOut"][];
        };
        /** @description A change of a device. */
        readonly DevicePatch: {
            readonly name?: string | null;
            readonly modality?: string | null;
            readonly kind?: components["schemas"]["DeviceKind"] | null;
            readonly active?: boolean | null;
            readonly called_ae_title?: string | null;
            /** @description Null or empty: from anywhere. */
            readonly networks?: readonly string[] | null;
            readonly certificate_sha256?: string | null;
            readonly host?: string | null;
            readonly port?: number | null;
            /** @description Null or empty: every storage class of the standard. */
            readonly sop_classes?: readonly string[] | null;
            readonly unknown_sop_classes?: boolean | null;
            readonly charset?: string | null;
            readonly charset_rule?: components["schemas"]["CharsetRule"] | null;
            readonly worklist_charset?: string | null;
            readonly issuer?: string | null;
            readonly daily_objects?: number | null;
            readonly daily_bytes?: number | null;
            readonly may_query?: boolean | null;
            readonly ready_idle?: number | null;
            readonly release_means_whole?: boolean | null;
            readonly institution?: string | null;
        };
        /** @description What the device itself wrote into the object; never mixed with the engine's values. */
        readonly DeviceValuesOut: {
            readonly hr: number | null;
            readonly rr_ms: number | null;
            readonly p_ms: number | null;
            readonly pr_ms: number | null;
            readonly qrs_ms: number | null;
            readonly qt_ms: number | null;
            readonly qtc_ms: number | null;
            readonly qtc_bazett_ms: number | null;
            readonly qtc_fridericia_ms: number | null;
            readonly p_axis_deg: number | null;
            readonly qrs_axis_deg: number | null;
            readonly t_axis_deg: number | null;
            readonly statements: readonly string[];
        };
        /**
         * @description By what figures are told.
         * @enum {string}
         */
        readonly Dimension: "site" | "device" | "operator" | "modality" | "reason" | "month";
        /**
         * @description How far the signed report is from the one that its author submitted.
         * @enum {string}
         */
        readonly Discrepancy: "none" | "minor" | "major";
        /** @description What the author handed over against what stands there now. */
        readonly DiscrepancyOut: {
            readonly submitted_at: string;
            readonly findings: readonly components["schemas"]["PieceOut"][];
            readonly impression: readonly components["schemas"]["PieceOut"][];
            readonly suggested: components["schemas"]["Discrepancy"];
            /** @description What the signer said; null until he did. */
            readonly judged: components["schemas"]["Discrepancy"] | null;
        };
        readonly DisputeIn: {
            readonly words: string;
        };
        /** @description The latest first. */
        readonly DisputeList: {
            readonly items: readonly components["schemas"]["DisputeOut"][];
        };
        /** @description An objection to a line of a closed month. */
        readonly DisputeOut: {
            readonly id: number;
            readonly line_id: number;
            readonly month: string;
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            readonly task_id: number;
            readonly line_fee: number;
            readonly words: string;
            readonly asked_by: string;
            readonly asked_at: string;
            readonly granted: boolean | null;
            readonly answer: string;
            readonly answered_at: string | null;
            readonly fee: number;
        };
        /** @description What a reader has written so far. */
        readonly DraftOut: {
            readonly findings: string;
            readonly impression: string;
            readonly positive: boolean | null;
            readonly critical: string;
            readonly structure: components["schemas"]["StructureOut"] | null;
            readonly saved_at: string;
            readonly saved_by: string;
            readonly saved_by_name: string;
        };
        /**
         * @description Why a signed case came to peer review.
         * @enum {string}
         */
        readonly DrawnBy: "share" | "always" | "minimum" | "prior";
        /** @description Everybody at work. */
        readonly DutiesOut: {
            readonly at: string;
            readonly items: readonly components["schemas"]["DutyOut"][];
        };
        /**
         * @description What has to be done in a session before any other route opens.
         * @enum {string}
         */
        readonly Duty: "" | "password" | "second_factor";
        /** @description Somebody at work, or on call under `phone`. `until` is null where the county keeps no roster. */
        readonly DutyOut: {
            readonly user: string;
            readonly name: string;
            readonly shift: string;
            readonly modalities: readonly string[] | null;
            readonly priorities: readonly components["schemas"]["Priority"][] | null;
            readonly until: string | null;
            readonly on_call: boolean;
            readonly phone: string;
        };
        /** @description An examination that could stand for the new one. Of another clinic's only what it was, when and where. */
        readonly EarlierOut: {
            readonly study_instance_uid: string;
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            readonly is_own: boolean;
            readonly modality: string;
            readonly description: string;
            readonly body_part: string;
            readonly at: string;
            /** @description For how many days such an examination stands for a new one. */
            readonly days: number;
            /** @description Where the caller may read it now; null for another clinic's, whose report can be read once it is recognised. */
            readonly report_id: number | null;
        };
        /** @description A study of the same patient that may make the order needless. */
        readonly EarlierStudy: {
            readonly study_instance_uid: string;
            readonly institution: string;
            readonly modality: string;
            readonly description: string;
            readonly body_part: string;
            readonly exam_started_at: string | null;
            readonly last_received_at: string;
        };
        /** @description What a reader did and earned. */
        readonly EarnedLine: {
            readonly username: string;
            readonly name: string;
            readonly read: number;
            readonly audited: number;
            readonly read_pay: number;
            readonly audit_pay: number;
        };
        readonly EcgList: {
            readonly items: readonly components["schemas"]["EcgOut"][];
        };
        /** @description One recording of the study. `refused` says why it will not be measured. */
        readonly EcgOut: {
            readonly sop_instance_uid: string;
            readonly series_instance_uid: string;
            /** @enum {string} */
            readonly state: "pending" | "done" | "refused";
            readonly refused: string;
            readonly measured_at: string | null;
            readonly samples_url: string;
            /** @description Of a recording above two minutes: its overview, beats and events; `measured.beats` is empty then. */
            readonly long_url: string | null;
            readonly recording: components["schemas"]["EcgRecordingOut"] | null;
            readonly device: components["schemas"]["DeviceValuesOut"] | null;
            readonly measured: components["schemas"]["EngineOut"] | null;
            /** @description The last marks that a physician kept; never mixed with what was measured. */
            readonly physician: components["schemas"]["EcgPhysicianOut"] | null;
            readonly suggestions: readonly components["schemas"]["SuggestionOut"][];
            readonly suspicions: readonly components["schemas"]["SuspicionOut"][];
        };
        /** @description The samples behind the measurements. Leads in `derived_leads` were computed, not recorded. */
        readonly EcgRecordingOut: {
            readonly format: string;
            readonly leads: readonly string[];
            readonly sampling_hz: number;
            readonly samples: number;
            readonly seconds: number;
            readonly derived_leads: readonly string[];
            /** @description What the format leaves open and had to be taken for granted. */
            readonly assumed: readonly string[];
            /** @description Hz, as far as the device says what it filtered. */
            readonly filters: {
                readonly [key: string]: number | null;
            };
            /** @description As the device wrote it, without a zone. */
            readonly started_at: string | null;
            readonly device: {
                readonly [key: string]: unknown;
            };
        };
        /** @description A statement of the catalogue. `aha` is its number in the AHA/ACC/HRS list of 2007, null where that has none. */
        readonly EcgStatementOut: {
            readonly code: string;
            readonly group: string;
            readonly zh: string;
            readonly en: string;
            readonly abnormal: boolean;
            readonly aha: number | null;
            readonly pinyin: string;
            readonly initials: string;
        };
        readonly EcgStatements: {
            readonly items: readonly components["schemas"]["EcgStatementOut"][];
        };
        /** @description An edition of a chapter. Version 0 is what the product ships: nobody published it. */
        readonly EditionOut: {
            readonly version: number;
            readonly effective_from: string | null;
            /** @enum {string} */
            readonly state: "past" | "in_force" | "future";
            readonly note: string;
            readonly published_by: string;
            readonly published_by_name: string;
            readonly published_at: string | null;
            readonly content: {
                readonly [key: string]: unknown;
            };
        };
        /** @description The last 30 days' tasks of a class and modality under the rules in force and under the proposed ones. */
        readonly EffectOut: {
            readonly priority: components["schemas"]["Priority"];
            readonly modality: string;
            readonly tasks: number;
            readonly present: components["schemas"]["TallyOut"];
            readonly proposed: components["schemas"]["TallyOut"];
        };
        /** @description A study of the patient at another clinic: enough to choose it, and no more. */
        readonly Elsewhere: {
            readonly study_instance_uid: string;
            readonly modality: string;
            readonly body_part: string;
            readonly examined_at: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
        };
        /** @description Which study cannot wait, and why. */
        readonly Emergency: {
            readonly study_instance_uid: string;
            readonly reason: string;
        };
        /** @description The latest first. */
        readonly EmergencyList: {
            readonly items: readonly components["schemas"]["EmergencyOut"][];
        };
        /** @description An access in an emergency, and what its review came to. `outcome` is empty while nobody has reviewed it. */
        readonly EmergencyOut: {
            readonly id: number;
            readonly study_instance_uid: string;
            readonly modality: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            readonly username: string;
            readonly name: string;
            readonly user_institution_name: string;
            readonly user_institution_name_en: string;
            readonly reason: string;
            readonly opened_at: string;
            readonly ends_at: string;
            readonly ended_at: string | null;
            readonly live: boolean;
            readonly reviewed_at: string | null;
            readonly reviewed_by: string;
            readonly outcome: components["schemas"]["GlassOutcome"] | "";
            readonly note: string;
        };
        /** @description Why a licence ends before its time. */
        readonly EndIn: {
            readonly reason: string;
        };
        /**
         * @description The engine's measurements. Beats: `at` seconds, `kind`, `template`; `p`, `qrs`, `t` are onset, peak and end in seconds.
         *
         *     `median` has the median beat in µV at `hz`, R at sample `at`, its marks in samples under `fiducials`.
         */
        readonly EngineOut: {
            readonly engine: string;
            readonly overall: components["schemas"]["GlobalOut"];
            readonly rr: {
                readonly [key: string]: unknown;
            };
            readonly atria: {
                readonly [key: string]: unknown;
            };
            readonly per_lead: {
                readonly [key: string]: {
                    readonly [key: string]: unknown;
                };
            };
            readonly quality: {
                readonly [key: string]: {
                    readonly [key: string]: unknown;
                };
            };
            readonly pulses_s: readonly number[];
            readonly fibrillation: readonly {
                readonly [key: string]: unknown;
            }[];
            readonly swapped: string;
            readonly not_measured: {
                readonly [key: string]: string;
            };
            readonly median: {
                readonly [key: string]: unknown;
            } | null;
            readonly beats: readonly {
                readonly [key: string]: unknown;
            }[];
        };
        /** @description The second factor counts; the session goes on under a new token. */
        readonly Enrolled: {
            readonly recovery_codes: readonly string[];
            readonly session: components["schemas"]["NewSession"];
        };
        /** @description What the authenticator has to learn. It counts once a code of it was shown. */
        readonly EnrolmentOut: {
            readonly secret: string;
            readonly uri: string;
            /** @description The URI as a QR code. */
            readonly svg: string;
        };
        /** @description One file, or one inside a ZIP. */
        readonly EntryOut: {
            /** @description The name that it was put under. */
            readonly file: string;
            /** @description Its own name, with the folders inside a ZIP. */
            readonly name: string;
            readonly fate: components["schemas"]["UploadFate"];
            /** @description Why it was refused or kept aside, for programs; empty otherwise. */
            readonly code: string;
            /** @description Why it was refused, in a sentence. */
            readonly detail: string;
            readonly study_instance_uid: string;
            readonly size: number;
        };
        /** @description What is known of an exam that has no task here. */
        readonly ExamIn: {
            readonly modality?: string;
            readonly body_part?: string;
            readonly description?: string;
            readonly laterality?: string;
            readonly sex?: string;
            readonly age?: number | null;
        };
        readonly ExamOut: {
            readonly code: string;
            readonly modality: string;
            readonly body_part: string;
            readonly zh: string;
            readonly en: string;
        };
        readonly FalseAlarmIn: {
            readonly reason: string;
        };
        /**
         * @description What is wrong with somebody's shift.
         * @enum {string}
         */
        readonly Fault: "overlap" | "unqualified" | "away";
        /** @description Something that does not fit; `start` and `end` count characters (code points) of `field`. */
        readonly FaultOut: {
            readonly code: components["schemas"]["Rule"];
            /** @enum {string} */
            readonly severity: "blocks" | "warns";
            /** @enum {string} */
            readonly field: "findings" | "impression";
            readonly start: number;
            readonly end: number;
            readonly zh: string;
            readonly en: string;
        };
        readonly FeedbackIn: {
            readonly text: string;
        };
        /**
         * @description Whose image it is: of the case that is open, of the reader's next one, or of a study that this one compares with.
         * @enum {string}
         */
        readonly FetchFor: "case" | "next" | "prior";
        /** @description An address to ask for, with the Accept header that the answer names, and about how many bytes will come. */
        readonly FetchOut: {
            readonly url: string;
            readonly size: number;
            readonly of: components["schemas"]["FetchFor"];
            readonly study_instance_uid: string;
        };
        /** @description What to fetch, the most wanted first. `accept` is the viewer's own, so that the browser finds it in its cache again. */
        readonly FetchPlan: {
            readonly accept: string;
            readonly items: readonly components["schemas"]["FetchOut"][];
        };
        /** @description One field that makes no sense. */
        readonly FieldFault: {
            readonly field: string;
            readonly message: string;
            /** @description What is wrong, for programs that say it in words of their own. */
            readonly code: string | null;
        };
        readonly FiguresOut: {
            /** Format: date */
            readonly begin: string;
            /** Format: date */
            readonly end: string;
            readonly items: readonly components["schemas"]["QualityFigureOut"][];
            readonly indicators: readonly components["schemas"]["QualityIndicatorOut"][];
        };
        /** @description What came of one file. */
        readonly FileOut: {
            readonly file: string;
            /** @description Objects that are durable, those included that were there before. */
            readonly taken: number;
            readonly refused: number;
            /** @description The first two hundred; `GET` of the upload has them all. */
            readonly entries: readonly components["schemas"]["EntryOut"][];
        };
        /** @description A list that the county has chosen. */
        readonly FindingListOut: {
            readonly key: string;
            readonly version: string;
            readonly name: string;
            readonly name_en: string;
            readonly province: string;
            readonly modalities: readonly string[];
            readonly basis: components["schemas"]["Basis"];
            readonly source: string;
            readonly findings: readonly components["schemas"]["CriticalFindingOut"][];
        };
        readonly FindingLists: {
            readonly items: readonly components["schemas"]["FindingListOut"][];
            /** @description The edition of the county's rules; 0 is what the product ships. */
            readonly rules_version: number;
        };
        /** @description To be handed over in person; it must be changed at the first log-in, and is not shown again. */
        readonly FirstPassword: {
            readonly user: components["schemas"]["AccountLine"];
            readonly password: string;
        };
        /** @description A template for an exam. `suggested` is the one that fits its name; `start` has what that name tells. */
        readonly FittingOut: {
            readonly id: string;
            readonly key: string;
            readonly level: components["schemas"]["Level"];
            readonly department: string;
            readonly version: number;
            readonly content: {
                readonly [key: string]: unknown;
            };
            /** @description Whether the caller may change it; otherwise he copies it. */
            readonly may_change: boolean;
            readonly changed_at: string | null;
            readonly suggested: boolean;
            readonly start: {
                readonly [key: string]: string | number | readonly string[] | null;
            };
        };
        /** @description The latest first. */
        readonly FoundElsewhere: {
            readonly items: readonly components["schemas"]["Elsewhere"][];
        };
        /** @description Nobody who may read this modality covers these classes. */
        readonly GapOut: {
            readonly modality: string;
            readonly priorities: readonly components["schemas"]["Priority"][];
            readonly starts_at: string;
            readonly ends_at: string;
        };
        /**
         * @description What the review of a broken glass came to.
         * @enum {string}
         */
        readonly GlassOutcome: "justified" | "unjustified";
        /** @description Over all leads, as docs/ecg-measuring.md defines them. */
        readonly GlobalOut: {
            readonly hr: number | null;
            readonly p_ms: number | null;
            readonly pr_ms: number | null;
            readonly qrs_ms: number | null;
            readonly qt_ms: number | null;
            readonly qtc_bazett_ms: number | null;
            readonly qtc_fridericia_ms: number | null;
            readonly qtc_framingham_ms: number | null;
            readonly qtc_hodges_ms: number | null;
            readonly p_axis_deg: number | null;
            readonly qrs_axis_deg: number | null;
            readonly t_axis_deg: number | null;
            readonly atrial_rate: number | null;
        };
        /**
         * @description Image quality as Chinese departments grade it: 甲, 乙, 丙, 废. A reject cannot be read.
         * @enum {string}
         */
        readonly Grade: "A" | "B" | "C" | "reject";
        /** @description A grade needs no reason unless it is C or a reject. */
        readonly GradeIn: {
            readonly grade: components["schemas"]["Grade"];
            readonly reasons?: readonly string[];
            readonly note?: string;
        };
        readonly GradeOut: {
            readonly step: components["schemas"]["GradeStep"];
            readonly grade: components["schemas"]["Grade"];
            readonly reasons: readonly string[];
            readonly note: string;
            readonly graded_by: string;
            readonly graded_by_name: string;
            readonly graded_at: string;
        };
        /**
         * @description Who graded: the reader, or the auditing physician, whose grade stands where both did.
         * @enum {string}
         */
        readonly GradeStep: "read" | "audit";
        /** @description The reader's grade and the auditing physician's, which stands where it is there. */
        readonly GradesOut: {
            readonly items: readonly components["schemas"]["GradeOut"][];
            readonly standing: components["schemas"]["Grade"] | null;
            readonly required: boolean;
        };
        /**
         * @description What goes into a cell; what is left out is not asked, and a cell for which nothing fits takes the next that is left.
         *
         *     Modality, side and orientation must be as said; of view and words one must be found. Of all that fit `phase` takes the
         *     first, second, ... in the order in which they were taken. `series` counts the series with images from 0. `prior` counts
         *     earlier studies of the same kind, 1 for the latest. `plane` is cut out of the series, or else out of that with the most
         *     images. Cells of one `group` scroll together, and with others not.
         */
        readonly HangingCell: {
            /** @enum {string} */
            readonly source: "current" | "prior";
            readonly prior: number;
            readonly modality: string;
            readonly series: number | null;
            readonly view: string;
            /** @enum {string} */
            readonly laterality: "" | "L" | "R";
            /** @enum {string} */
            readonly orientation: "" | "axial" | "coronal" | "sagittal";
            readonly words: readonly string[];
            readonly phase: number | null;
            readonly plane: ("axial" | "coronal" | "sagittal") | null;
            readonly window: components["schemas"]["Window"] | null;
            /** @enum {string} */
            readonly group: "" | "A" | "B" | "C" | "D";
        };
        /**
         * @description The first rule that fits an exam hangs it: of the reader's own, then of the county's.
         *
         *     A reader's rule with the key of one of the county's stands in its place.
         */
        readonly HangingOut: {
            /** @description Edition of the county's chapter. */
            readonly version: number;
            readonly protocols: readonly components["schemas"]["Protocol"][];
            readonly left_out: readonly components["schemas"]["LeftOutRule"][];
            readonly own: components["schemas"]["OwnOut"];
        };
        /** @description A layout with its cells in rows from the left; cells that are not named take what is left. */
        readonly HangingStep: {
            /** @enum {string} */
            readonly layout: "1x1" | "1x2" | "1x3" | "2x1" | "2x2" | "2x3" | "3x1" | "3x2" | "3x3";
            readonly cells: readonly components["schemas"]["HangingCell"][];
        };
        readonly HealthOut: {
            /** @enum {string} */
            readonly status: "ok" | "degraded" | "down";
            readonly checks: readonly components["schemas"]["AdminCheckOut"][];
            readonly processes: readonly components["schemas"]["ProcessOut"][];
            readonly counts: components["schemas"]["AdminCountsOut"];
        };
        /** @description What is to change; what is left out stays. `version` is the one that the caller has seen. */
        readonly HookChange: {
            readonly version: number;
            readonly name?: string | null;
            readonly url?: string | null;
            readonly wanted?: readonly ("patient" | "exam" | "order" | "report")[] | null;
            readonly paused?: boolean | null;
        };
        /** @description A system to call with every result. */
        readonly HookIn: {
            /** @description Code of the clinic; clinics leave it out. */
            readonly institution?: string;
            readonly name: string;
            readonly url: string;
            /** @description What calls say besides number, kind, study and link. Nothing of the patient unless it is asked for. */
            readonly wanted?: readonly ("patient" | "exam" | "order" | "report")[];
            /** @description Begin with the result after this number; with the next one to come when left out. */
            readonly after?: number | null;
        };
        readonly HookList: {
            readonly items: readonly components["schemas"]["HookOut"][];
        };
        /** @description A system that is called. `waiting` results have not been taken by it yet. */
        readonly HookOut: {
            readonly id: number;
            readonly version: number;
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            readonly name: string;
            readonly url: string;
            readonly wanted: readonly string[];
            readonly paused: boolean;
            /** @description `refused_for_long` or `gone` where nobody paused it; empty otherwise. */
            readonly paused_because: string;
            readonly key_id: string;
            /** @description Signs too, while the keys change; empty otherwise. */
            readonly old_key_id: string;
            readonly delivered_seq: number;
            readonly delivered_at: string | null;
            readonly waiting: number;
            readonly failing_since: string | null;
            /** @description Null when nothing waits. */
            readonly next_try_at: string | null;
            readonly attempts: number;
            readonly last_error: string;
            readonly created_at: string;
        };
        /** @description A hospital that may be asked. */
        readonly HospitalOut: {
            readonly code: string;
            readonly name: string;
            readonly name_en: string;
        };
        readonly HospitalPage: {
            readonly items: readonly components["schemas"]["HospitalOut"][];
            readonly next: null;
        };
        /** @description A case in a reader's hand: without its patient. */
        readonly InHandOut: {
            readonly task_id: number;
            readonly state: components["schemas"]["TaskState"];
            readonly priority: components["schemas"]["Priority"];
            readonly modality: string;
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            readonly since: string;
            readonly limit_at: string;
        };
        /**
         * @description The indicators by their national code.
         * @enum {string}
         */
        readonly Indicator: "RQI-RCV-04" | "US-CV-01";
        readonly Indicators: {
            readonly items: readonly components["schemas"]["CriticalIndicatorOut"][];
        };
        /** @description What is given is changed, the rest stays. */
        readonly InstitutionChange: {
            readonly name?: string | null;
            readonly name_en?: string | null;
            readonly contact?: string | null;
            readonly phone?: string | null;
            readonly address?: string | null;
            readonly active?: boolean | null;
        };
        /** @description Where somebody may belong. */
        readonly InstitutionChoice: {
            readonly code: string;
            readonly name: string;
            readonly name_en: string;
            readonly kind: components["schemas"]["InstitutionKind"];
        };
        /** @description A new institution. Its code stands in orders, files and other systems, and never changes. */
        readonly InstitutionIn: {
            readonly code: string;
            readonly kind?: components["schemas"]["InstitutionKind"];
            readonly name: string;
            readonly name_en?: string;
            readonly contact?: string;
            readonly phone?: string;
            readonly address?: string;
        };
        /**
         * @description A clinic sends studies and gets results; the centre reads; an upper-level hospital is asked for its opinion.
         * @enum {string}
         */
        readonly InstitutionKind: "centre" | "clinic" | "upper";
        /** @description An institution with how much hangs on it, and what it pays by. */
        readonly InstitutionLine: {
            readonly code: string;
            readonly kind: components["schemas"]["InstitutionKind"];
            readonly name: string;
            readonly name_en: string;
            readonly contact: string;
            readonly phone: string;
            readonly address: string;
            readonly active: boolean;
            readonly devices: number;
            readonly users: number;
            /** @description Class of contract, by the price list in force; empty: the list's fees. */
            readonly contract: string;
            readonly contract_en: string;
            readonly contract_percent: number | null;
        };
        /** @description By code. */
        readonly InstitutionList: {
            readonly items: readonly components["schemas"]["InstitutionLine"][];
        };
        /** @description What an item of the price list comes to. */
        readonly ItemLine: {
            readonly item: string;
            readonly name: string;
            readonly name_en: string;
            readonly readings: number;
            readonly fee: number;
        };
        readonly JsonValue: unknown;
        readonly JudgedIn: {
            readonly judged: components["schemas"]["Discrepancy"];
        };
        /**
         * @description `based_on` is the version of this task's marks that the sender has seen, 0 for none; null marks go back to what was
         *     measured.
         */
        readonly KeepMarksIn: {
            readonly lease_token: string;
            readonly based_on?: number;
            readonly marks: components["schemas"]["MarksIn"] | null;
        };
        /**
         * @description What became of a piece of text.
         * @enum {string}
         */
        readonly Kept: "same" | "gone" | "new";
        readonly KeyImageList: {
            readonly items: readonly components["schemas"]["KeyImageOut"][];
        };
        /** @description A frame that the reader marked. `picture` is a JPEG of it (PNG for ECGs), `frame` counts from 1. */
        readonly KeyImageOut: {
            /** @description From 1, in the order of the report. */
            readonly number: number;
            readonly sop_instance_uid: string;
            readonly series_instance_uid: string;
            readonly frame: number;
            readonly note: string;
            readonly picture: string;
        };
        /** @description A key, without its secret. `prefix` is how people know it. */
        readonly KeyLine: {
            readonly id: number;
            readonly name: string;
            readonly prefix: string;
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            readonly scopes: readonly components["schemas"]["Scope"][];
            readonly created_at: string;
            readonly expires_at: string | null;
            readonly last_used_at: string | null;
            readonly last_used_address: string;
            readonly revoked_at: string | null;
            readonly live: boolean;
        };
        /** @description Every key, the latest first. */
        readonly KeyList: {
            readonly items: readonly components["schemas"]["KeyLine"][];
        };
        /**
         * @description Why a patient goes before all others.
         * @enum {string}
         */
        readonly Kind: "chest_pain" | "stroke" | "trauma";
        /** @description A shift kind. Null means every modality, or every class; `starts` and `ends` are local, over midnight where ends comes first. */
        readonly KindIn: {
            readonly name: string;
            readonly name_en?: string;
            readonly colour?: string;
            /** Format: time */
            readonly starts: string;
            /** Format: time */
            readonly ends: string;
            readonly modalities?: readonly string[] | null;
            readonly subspecialties?: readonly string[];
            readonly priorities?: readonly components["schemas"]["Priority"][] | null;
            readonly night?: boolean;
            readonly on_call?: boolean;
            readonly rvu_share?: number;
            readonly phone?: string;
        };
        /** @description A shift kind; one out of use has `active` false. */
        readonly KindOut: {
            readonly id: number;
            readonly name: string;
            readonly name_en: string;
            readonly colour: string;
            readonly starts: string;
            readonly ends: string;
            readonly modalities: readonly string[] | null;
            readonly subspecialties: readonly string[];
            readonly priorities: readonly components["schemas"]["Priority"][] | null;
            readonly night: boolean;
            readonly on_call: boolean;
            readonly rvu_share: number;
            readonly phone: string;
            readonly active: boolean;
        };
        readonly KnownPatient: {
            readonly id: string;
            readonly name: string;
            readonly sex: string;
            readonly birth_date: string;
            readonly id_card_number: string;
            readonly phone: string;
        };
        readonly KnownPatients: {
            readonly items: readonly components["schemas"]["KnownPatient"][];
        };
        /** @description A step of the ladder of the present state. */
        readonly LadderOut: {
            readonly name: string;
            readonly at: string;
            readonly posts: readonly string[];
            readonly done: boolean;
        };
        /** @description The token of the claim. */
        readonly LeaseIn: {
            readonly lease_token: string;
        };
        readonly LeaseOut: {
            readonly lease_expires_at: string;
        };
        /** @description A stored rule that hangs nothing, because this release does not read it any more. */
        readonly LeftOutRule: {
            /** @description Names it among all that are stored. */
            readonly at: number;
            readonly key: string;
            readonly zh: string;
            readonly en: string;
            /** @description By the field's path inside the rule. */
            readonly faults: readonly components["schemas"]["FieldFault"][];
        };
        /** @description A task of the workers that failed for good. `args` are identities, `error` the kind of failure. */
        readonly LetterOut: {
            readonly id: number;
            readonly task: string;
            readonly args: readonly unknown[];
            readonly state: components["schemas"]["LetterState"];
            readonly error: string;
            readonly attempts: number;
            readonly deaths: number;
            readonly first_at: string;
            readonly last_at: string;
            readonly decided_at: string | null;
        };
        /**
         * @description Of a dead letter. COUNTING has cost processes but may yet run; OPEN waits for a person; SETTLED ran after all.
         * @enum {string}
         */
        readonly LetterState: "counting" | "open" | "redriven" | "dismissed" | "settled";
        /**
         * @description Whose a template or a phrase is. Of several with one key a reader gets the nearest: his own before all others.
         * @enum {string}
         */
        readonly Level: "own" | "department" | "county" | "shipped";
        /** @description What somebody is licensed for: a modality or a group (XRAY, CT_MR, US, ECG), by local days, both inclusive. */
        readonly LicenceIn: {
            readonly user: string;
            readonly modality: string;
            readonly subspecialty?: string;
            readonly may_audit?: boolean;
            readonly licence_number?: string;
            /** Format: date */
            readonly valid_from: string;
            readonly valid_until?: string | null;
            readonly note?: string;
        };
        /** @description A licence on record. `valid` says whether it counts today, `ends_soon` whether it ends within 30 days. */
        readonly LicenceOut: {
            readonly id: number;
            readonly user: string;
            readonly name: string;
            readonly modality: string;
            readonly subspecialty: string;
            readonly may_audit: boolean;
            readonly licence_number: string;
            /** Format: date */
            readonly valid_from: string;
            readonly valid_until: string | null;
            readonly ended_on: string | null;
            readonly note: string;
            readonly valid: boolean;
            readonly ends_soon: boolean;
            readonly recorded_at: string;
        };
        /** @description Licences in order of user names; those who have none at all are judged by their user's list. */
        readonly LicencesOut: {
            readonly items: readonly components["schemas"]["LicenceOut"][];
            readonly editable: boolean;
        };
        readonly LinePage: {
            readonly items: readonly components["schemas"]["SettlementLineOut"][];
            readonly next: number | null;
        };
        /**
         * @description How a session was opened.
         * @enum {string}
         */
        readonly LoginMethod: "password" | "totp" | "recovery_code" | "oidc";
        /** @description `number` counts from 0 in the whole record; `template` numbers the shapes, -1 one of its own. */
        readonly LongBeatOut: {
            readonly number: number;
            readonly at_s: number;
            /** @enum {string} */
            readonly kind: "normal" | "ventricular" | "supraventricular" | "paced" | "unclassifiable";
            readonly rr_ms: number | null;
            readonly early: boolean;
            readonly template: number;
        };
        /** @description A page of beats; `after` is what the next page begins after, null on the last one. `matching` of them in all. */
        readonly LongBeats: {
            readonly items: readonly components["schemas"]["LongBeatOut"][];
            readonly matching: number;
            readonly after: number | null;
        };
        /** @description A long recording in numbers, and where the rest of it is. URLs with a version never change what they give. */
        readonly LongEcgOut: {
            readonly engine: string;
            readonly seconds: number;
            readonly sampling_hz: number;
            readonly started_at: string | null;
            readonly leads: readonly string[];
            readonly whole: components["schemas"]["LongPartOut"];
            readonly hours: readonly components["schemas"]["LongPartOut"][];
            readonly events: readonly components["schemas"]["LongEventOut"][];
            readonly st: components["schemas"]["StTrendOut"] | null;
            readonly overview: components["schemas"]["OverviewOut"];
            readonly samples_url: string;
            readonly beats_url: string;
            readonly tendency_url: string;
        };
        /** @description Something to look at. `microvolts` and `lead` of ST: the largest change from what is usual in this record. */
        readonly LongEventOut: {
            readonly kind: string;
            readonly at_s: number;
            readonly seconds: number;
            readonly beats: number | null;
            readonly rate: number | null;
            readonly lead: string | null;
            readonly microvolts: number | null;
        };
        /** @description The whole record, or an hour of it. Rates are means of eight intervals in a row; `missing_s` had no signal. */
        readonly LongPartOut: {
            readonly start_s: number;
            readonly seconds: number;
            readonly beats: number;
            readonly counts: components["schemas"]["BeatCountsOut"];
            readonly mean_hr: number | null;
            readonly lowest_hr: number | null;
            readonly highest_hr: number | null;
            readonly longest_rr_ms: number | null;
            readonly sdnn_ms: number | null;
            readonly pauses: number;
            readonly missing_s: number;
        };
        /** @description Seconds by part of the clock. */
        readonly LostOut: {
            readonly upload: number;
            readonly queue: number;
            readonly read: number;
            readonly audit: number;
            readonly delivery: number;
            readonly retake: number;
        };
        /** @description A frame of the study, counted from 1. */
        readonly MarkIn: {
            readonly sop_instance_uid: string;
            readonly frame?: number;
            readonly note?: string;
        };
        readonly MarkList: {
            readonly items: readonly components["schemas"]["KeyImagesMarkOut"][];
        };
        /** @description Samples of the median beat; a wave that is not there has no marks. */
        readonly MarksIn: {
            readonly qrs_on: number;
            readonly qrs_off: number;
            readonly p_on?: number | null;
            readonly p_off?: number | null;
            readonly t_off?: number | null;
        };
        /** @description Samples of the median beat. */
        readonly MarksOut: {
            readonly p_on: number | null;
            readonly p_off: number | null;
            readonly qrs_on: number;
            readonly qrs_off: number;
            readonly t_off: number | null;
        };
        readonly MarksVersions: {
            readonly items: readonly components["schemas"]["EcgPhysicianOut"][];
        };
        /**
         * @description Why two rows may be one person.
         * @enum {string}
         */
        readonly MatchReason: "national_id" | "patient_id" | "name" | "pinyin" | "birth_date" | "sex" | "phone" | "swapped_id" | "swapped_birth_date" | "other_sex" | "other_national_id" | "other_birth_date";
        /** @description What it is to be from now on. `version` is the one that the client knows: 409 when there is a later one. */
        readonly MeasurementChange: {
            readonly version: number;
            readonly points?: readonly (readonly [
                number,
                number
            ])[] | null;
            readonly label?: string | null;
            readonly for_clinic?: boolean | null;
        };
        /** @description A new drawing. Points are pairs of column and row; 0, 0 is the outer corner of the first pixel. */
        readonly MeasurementIn: {
            readonly sop_instance_uid: string;
            readonly frame?: number;
            readonly kind: components["schemas"]["MeasurementKind"];
            readonly points: readonly (readonly [
                number,
                number
            ])[];
            readonly label?: string;
            readonly for_clinic?: boolean;
        };
        /**
         * @description What a reader draws.
         * @enum {string}
         */
        readonly MeasurementKind: "length" | "angle" | "cobb" | "ctr" | "ellipse" | "rectangle" | "probe" | "arrow" | "text";
        readonly MeasurementList: {
            readonly items: readonly components["schemas"]["MeasurementOut"][];
            /** @description Whether the caller may draw in this study now. */
            readonly may_measure: boolean;
        };
        /** @description A measurement with what the server made of it. */
        readonly MeasurementOut: {
            readonly id: number;
            readonly version: number;
            readonly series_instance_uid: string;
            readonly sop_instance_uid: string;
            readonly frame: number;
            readonly kind: components["schemas"]["MeasurementKind"];
            readonly points: readonly (readonly [
                number,
                number
            ])[];
            readonly label: string;
            readonly for_clinic: boolean;
            readonly figures: readonly components["schemas"]["MeasurementsFigureOut"][];
            /** @description Where the size of a pixel came from. */
            readonly method: components["schemas"]["SpacingMethod"];
            readonly author: string;
            readonly at: string;
        };
        /** @description Who is merged into the patient of the path, and why. */
        readonly MergeIn: {
            readonly merged: number;
            readonly reason: string;
        };
        /** @description A merge that stands: `merged` is the same person as `survivor`. */
        readonly MergeOut: {
            readonly id: number;
            readonly survivor: number;
            readonly merged: number;
            readonly by: string;
            readonly by_name: string;
            readonly at: string;
            readonly reason: string;
        };
        /**
         * @description How the other side was told.
         * @enum {string}
         */
        readonly Method: "in_app" | "phone" | "in_person";
        /** @description How people log in here. */
        readonly Methods: {
            readonly password: boolean;
            readonly single_sign_on: boolean;
        };
        /**
         * @description Moments of a case in the order in which they come; each is told once.
         * @enum {string}
         */
        readonly Milestone: "onset" | "call" | "depart" | "scene" | "hospital" | "treatment";
        /** @description When it happened. */
        readonly MilestoneIn: {
            readonly name: components["schemas"]["Milestone"];
            /** Format: date-time */
            readonly at: string;
        };
        /** @description A moment of the case, told once. */
        readonly MilestoneOut: {
            readonly name: components["schemas"]["Milestone"];
            readonly at: string;
            readonly recorded_at: string;
            readonly recorded_by: string;
        };
        /** @description The county in one month. */
        readonly MonthRateOut: {
            /** @description Code of the clinic; empty for the county. */
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            readonly numerator: number;
            readonly denominator: number;
            readonly value: number | null;
            /** @description In time, but one side has no record. */
            readonly one_sided: number;
            /** @description Of how many the clinic knows, however late. */
            readonly told: number;
            /** @description From the beginning of the ten minutes until a person at the clinic knew. */
            readonly median_minutes: number | null;
            readonly month: string;
        };
        /** @description What was examined: in words, and the body part as DICOM names it (PS3.16 Annex L). One of them will do. */
        readonly NameIn: {
            readonly description?: string;
            readonly body_part?: string;
        };
        /** @description What the worklist shows now, what the DICOM objects say, and who filled it in. */
        readonly NameOut: {
            readonly description: string;
            readonly body_part: string;
            readonly original_description: string;
            readonly original_body_part: string;
            readonly named_by: string;
            readonly named_at: string;
        };
        readonly NationalList: {
            /** Format: date */
            readonly begin: string;
            /** Format: date */
            readonly end: string;
            readonly items: readonly components["schemas"]["NationalOut"][];
        };
        /** @description An indicator with its definition, its target and its figures. */
        readonly NationalOut: {
            readonly code: components["schemas"]["Code"];
            readonly zh: components["schemas"]["WordsOut"];
            readonly en: components["schemas"]["WordsOut"];
            readonly target: number | null;
            /** @description On which side of the target is good. */
            readonly at_most: boolean;
            readonly numerator: number;
            readonly denominator: number;
            readonly percent: number | null;
            readonly months: readonly components["schemas"]["ShareOut"][];
            readonly institutions: readonly components["schemas"]["ShareOut"][];
            readonly modalities: readonly components["schemas"]["ShareOut"][];
        };
        /** @description Somebody who may log in; the password is made here and shown once. */
        readonly NewAccount: {
            readonly username: string;
            readonly name: string;
            readonly title?: string;
            readonly role: components["schemas"]["Role"];
            readonly institution: string;
            /** @description What a reader may take; null means everything. */
            readonly modalities?: readonly string[] | null;
        };
        /** @description A key for a machine of one institution. */
        readonly NewKey: {
            readonly name: string;
            readonly institution: string;
            readonly scopes: readonly components["schemas"]["Scope"][];
            /** @description How long it lives; as long as the county's rules allow when not given. */
            readonly days?: number | null;
        };
        readonly NewKeyOut: {
            readonly id: number;
            readonly version: number;
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            readonly name: string;
            readonly url: string;
            readonly wanted: readonly string[];
            readonly paused: boolean;
            /** @description `refused_for_long` or `gone` where nobody paused it; empty otherwise. */
            readonly paused_because: string;
            readonly key_id: string;
            /** @description Signs too, while the keys change; empty otherwise. */
            readonly old_key_id: string;
            readonly delivered_seq: number;
            readonly delivered_at: string | null;
            readonly waiting: number;
            readonly failing_since: string | null;
            /** @description Null when nothing waits. */
            readonly next_try_at: string | null;
            readonly attempts: number;
            readonly last_error: string;
            readonly created_at: string;
            /** @description Of `key_id`. It is shown this once. */
            readonly secret: string;
        };
        /** @description `token` goes into `Authorization: Bearer`; a cookie with it opens GET requests. */
        readonly NewSession: {
            readonly user: components["schemas"]["UserOut"];
            readonly expires_at: string;
            /** @description What has to be done before anything else opens: a new password, or a second factor. Empty for nothing. */
            readonly duty: components["schemas"]["Duty"];
            readonly masked: boolean;
            readonly token: string;
        };
        /** @description For how long, and how often, a link shows the study. `purpose` is shown to who opens it: no patient's name. */
        readonly NewShare: {
            readonly hours?: number;
            readonly passcode?: string;
            readonly max_uses?: number | null;
            readonly purpose?: string;
        };
        /** @description A screen's name, and for how many days its link lives; without them for as long as the county's rules allow. */
        readonly NewWall: {
            readonly name: string;
            readonly days?: number | null;
        };
        /** @description With the secret, which is shown this once. */
        readonly NewWebhookOut: {
            readonly id: number;
            readonly name: string;
            readonly url: string;
            readonly kinds: readonly string[] | null;
            readonly institution: string | null;
            readonly active: boolean;
            readonly last_seq: number;
            readonly created_at: string;
            readonly secret: string;
        };
        /** @description What is written; it is kept as it is. */
        readonly NoteIn: {
            readonly text: string;
        };
        /** @description The last note that is before the caller's eyes. */
        readonly NotesSeenIn: {
            readonly up_to: number;
        };
        /** @description Something that the caller is told. `params` fill the sentence of its kind and hold no patient data. */
        readonly NoticeOut: {
            readonly id: number;
            readonly kind: string;
            readonly urgency: components["schemas"]["Urgency"];
            readonly params: {
                readonly [key: string]: unknown;
            };
            /** @description The sentence in Chinese, for clients that have none of their own. */
            readonly text: string;
            readonly task_id: number | null;
            readonly study_instance_uid: string;
            readonly critical_case_id: number | null;
            readonly created_at: string;
            readonly seen_at: string | null;
        };
        /** @description A part of the caller's notices, and how many he has not seen at all. */
        readonly NoticePage: {
            readonly items: readonly components["schemas"]["NoticeOut"][];
            readonly next: string | null;
            readonly unseen: number;
            readonly urgent: number;
        };
        /** @description Whose study it is, and why he goes before all others. */
        readonly OpenIn: {
            readonly study_instance_uid: string;
            readonly kind: components["schemas"]["Kind"];
            readonly reason?: string;
        };
        /** @description A session of mine. `agent` is what the browser calls itself. */
        readonly OpenSession: {
            readonly id: number;
            readonly created_at: string;
            readonly last_active_at: string | null;
            readonly expires_at: string;
            readonly address: string;
            readonly agent: string;
            readonly method: components["schemas"]["LoginMethod"];
            readonly masked: boolean;
            /** @description Whether it is the one that asks. */
            readonly current: boolean;
        };
        /** @description All of them, the latest first. */
        readonly OpenSessions: {
            readonly items: readonly components["schemas"]["OpenSession"][];
        };
        readonly OpinionIn: {
            readonly opinion: string;
        };
        /** @description What an upper-level hospital said. */
        readonly OpinionOut: {
            readonly hospital: components["schemas"]["ResultsInstitutionOut"];
            readonly consultant: components["schemas"]["ResultsPhysicianOut"] | null;
            readonly opinion: string;
            readonly at: string | null;
        };
        /** @description What is to change; what is left out stays. `version` is the one that the caller has seen. */
        readonly OrderChange: {
            readonly version: number;
            readonly patient?: components["schemas"]["OrderPatientChange"] | null;
            readonly modality?: string | null;
            readonly scheduled_at?: string | null;
            /** @description Empty: any device of the clinic for that modality. */
            readonly device?: string | null;
            readonly procedure_code?: string | null;
            readonly procedure_description?: string | null;
            readonly body_part?: string | null;
            readonly priority?: components["schemas"]["Priority"] | null;
            readonly referring_doctor?: string | null;
            readonly referring_department?: string | null;
            readonly clinical_information?: string | null;
            readonly diagnosis?: string | null;
            readonly green_channel?: components["schemas"]["Kind"] | "" | null;
        };
        /** @description An order to place. Numbers that are left out are made. */
        readonly OrderIn: {
            /** @description Code of the clinic that examines; clinics leave it out. */
            readonly institution?: string;
            readonly patient: components["schemas"]["OrderPatientIn"];
            readonly modality: string;
            /** Format: date-time */
            readonly scheduled_at: string;
            /** @description Calling AE title of the device that is to do it; any device of the clinic for that modality when left out. */
            readonly device?: string;
            readonly accession_number?: string;
            readonly placer_order_number?: string;
            readonly filler_order_number?: string;
            readonly procedure_code?: string;
            readonly procedure_description?: string;
            readonly body_part?: string;
            readonly priority?: components["schemas"]["Priority"];
            readonly referring_doctor?: string;
            readonly referring_department?: string;
            readonly clinical_information?: string;
            readonly diagnosis?: string;
            /** @description Chest pain, stroke or trauma: the order is P0, and a green-channel case is opened when its images have come. */
            readonly green_channel?: components["schemas"]["Kind"] | "";
            /** @description Needed where `/api/v1/orders/checks` says `must_choose`; refused with 409 `recognition_undecided` without it. */
            readonly repeat?: components["schemas"]["RepeatIn"] | null;
        };
        /** @description An order. `study_instance_uid` is what the equipment is told to use; `study_arrived` whether a study came for it. */
        readonly OrderOut: {
            readonly id: number;
            readonly version: number;
            readonly state: components["schemas"]["OrderState"];
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            readonly accession_number: string;
            readonly placer_order_number: string;
            readonly filler_order_number: string;
            readonly study_instance_uid: string;
            readonly study_arrived: boolean;
            readonly patient: components["schemas"]["OrderPatientOut"];
            readonly modality: string;
            readonly scheduled_at: string;
            readonly device: string;
            readonly procedure_code: string;
            readonly procedure_description: string;
            readonly body_part: string;
            readonly priority: components["schemas"]["Priority"];
            readonly referring_doctor: string;
            readonly referring_department: string;
            readonly clinical_information: string;
            readonly diagnosis: string;
            readonly green_channel: components["schemas"]["Kind"] | "";
            readonly source: components["schemas"]["OrderSource"];
            readonly created_at: string;
            readonly updated_at: string;
            readonly started_at: string | null;
            readonly ended_at: string | null;
            readonly cancel_reason: string;
        };
        /** @description What is to be put right about the patient; what is left out stays. */
        readonly OrderPatientChange: {
            readonly id?: string | null;
            readonly name?: string | null;
            readonly issuer?: string | null;
            readonly romanised_name?: string | null;
            readonly sex?: string | null;
            readonly birth_date?: string | null;
            readonly id_card_number?: string | null;
            readonly phone?: string | null;
        };
        /** @description Who is to be examined. The number of the ID card is checked, and fills in sex and birth date. */
        readonly OrderPatientIn: {
            /** @description As the clinic numbers its patients. */
            readonly id: string;
            readonly name: string;
            readonly issuer?: string;
            /** @description In Latin letters, for equipment that shows no others; made from the name when it is left out. */
            readonly romanised_name?: string;
            readonly sex?: string;
            readonly birth_date?: string;
            readonly id_card_number?: string;
            readonly phone?: string;
        };
        /** @description Who is to be examined. */
        readonly OrderPatientOut: {
            readonly id: string;
            readonly issuer: string;
            readonly name: string;
            readonly romanised_name: string;
            readonly sex: string;
            /** @description YYYY-MM-DD, empty when unknown. */
            readonly birth_date: string;
            readonly id_card_number: string;
            readonly phone: string;
        };
        /** @description What an order page offers. */
        readonly OrderRulesOut: {
            readonly exams: readonly components["schemas"]["ExamOut"][];
            readonly reasons: readonly components["schemas"]["OrdersReasonOut"][];
            readonly must_choose: boolean;
        };
        /**
         * @description Where an order came from.
         * @enum {string}
         */
        readonly OrderSource: "api" | "hl7";
        /**
         * @description SCHEDULED: to be done. STARTED: the modality reports a step in progress. The others are ends.
         * @enum {string}
         */
        readonly OrderState: "scheduled" | "started" | "completed" | "cancelled" | "discontinued";
        /** @description A result that nobody has acknowledged. */
        readonly OutstandingOut: {
            readonly seq: number;
            readonly kind: components["schemas"]["ReportKind"];
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            readonly study_instance_uid: string;
            readonly report_id: number;
            readonly version: number;
            readonly modality: string;
            readonly description: string;
            readonly patient: components["schemas"]["PatientOut"];
            readonly created_at: string;
            /** @description For how long it has been lying. */
            readonly hours: number;
        };
        readonly OutstandingPage: {
            readonly items: readonly components["schemas"]["OutstandingOut"][];
        };
        /** @description What tiles can be had; `url` takes `lead`, `start_s`, `seconds` and `per_column`. */
        readonly OverviewOut: {
            readonly url: string;
            readonly leads: readonly string[];
            readonly columns: number;
            readonly column_s: number;
        };
        /** @description All of the caller's rules in their order, in the shape in which they are told. */
        readonly OwnIn: {
            /** @description As it was told: rules that were saved elsewhere since are not overwritten (409). */
            readonly version: number;
            readonly protocols: readonly {
                readonly [key: string]: unknown;
            }[];
            /** @description `at` of rules that are left out and shall be deleted; others of them are kept. */
            readonly forget?: readonly number[];
        };
        /** @description The caller's own rules. */
        readonly OwnOut: {
            readonly version: number;
            readonly protocols: readonly components["schemas"]["Protocol"][];
            readonly left_out: readonly components["schemas"]["LeftOutRule"][];
        };
        readonly Page_ContactOut_: {
            readonly items: readonly components["schemas"]["ContactOut"][];
            readonly next: string | null;
        };
        readonly Page_CountedOut_: {
            readonly items: readonly components["schemas"]["CountedOut"][];
            readonly next: string | null;
        };
        readonly Page_DeliveryOut_: {
            readonly items: readonly components["schemas"]["DeliveryOut"][];
            readonly next: string | null;
        };
        readonly Page_DestinationOut_: {
            readonly items: readonly components["schemas"]["DestinationOut"][];
            readonly next: string | null;
        };
        readonly Page_FittingOut_: {
            readonly items: readonly components["schemas"]["FittingOut"][];
            readonly next: string | null;
        };
        readonly Page_LetterOut_: {
            readonly items: readonly components["schemas"]["LetterOut"][];
            readonly next: string | null;
        };
        readonly Page_OrderOut_: {
            readonly items: readonly components["schemas"]["OrderOut"][];
            readonly next: string | null;
        };
        readonly Page_PairOut_: {
            readonly items: readonly components["schemas"]["PairOut"][];
            readonly next: string | null;
        };
        readonly Page_PatientRowOut_: {
            readonly items: readonly components["schemas"]["PatientRowOut"][];
            readonly next: string | null;
        };
        readonly Page_PhraseOut_: {
            readonly items: readonly components["schemas"]["PhraseOut"][];
            readonly next: string | null;
        };
        readonly Page_PreferenceOut_: {
            readonly items: readonly components["schemas"]["PreferenceOut"][];
            readonly next: string | null;
        };
        readonly Page_QuarantineOut_: {
            readonly items: readonly components["schemas"]["QuarantineOut"][];
            readonly next: string | null;
        };
        readonly Page_ReferralOut_: {
            readonly items: readonly components["schemas"]["ReferralOut"][];
            readonly next: string | null;
        };
        readonly Page_ResendOut_: {
            readonly items: readonly components["schemas"]["ResendOut"][];
            readonly next: string | null;
        };
        readonly Page_RetakeOut_: {
            readonly items: readonly components["schemas"]["RetakeOut"][];
            readonly next: string | null;
        };
        readonly Page_StationOut_: {
            readonly items: readonly components["schemas"]["StationOut"][];
            readonly next: string | null;
        };
        readonly Page_StudyOut_: {
            readonly items: readonly components["schemas"]["StudyOut"][];
            readonly next: string | null;
        };
        readonly Page_TaskOut_: {
            readonly items: readonly components["schemas"]["TaskOut"][];
            readonly next: string | null;
        };
        readonly Page_UnknownCallerOut_: {
            readonly items: readonly components["schemas"]["UnknownCallerOut"][];
            readonly next: string | null;
        };
        readonly Page_WebhookOut_: {
            readonly items: readonly components["schemas"]["WebhookOut"][];
            readonly next: string | null;
        };
        /** @description Two rows that may be one person: `open` when the machine found them, `proposed` when somebody asked. */
        readonly PairOut: {
            readonly id: number;
            readonly first: components["schemas"]["PatientRowOut"];
            readonly second: components["schemas"]["PatientRowOut"];
            readonly state: components["schemas"]["PairState"];
            /** @description From 0 to 100; a rough order, not a probability. */
            readonly score: number;
            readonly reasons: readonly components["schemas"]["MatchReason"][];
            readonly by: string;
            readonly note: string;
        };
        /**
         * @description What was said about two rows. OPEN: found by the machine; PROPOSED: by a person; DIFFERENT: a person said no.
         * @enum {string}
         */
        readonly PairState: "open" | "proposed" | "different";
        /** @description How much of a parcel has come; `outcomes` by object name once it has been taken in. */
        readonly ParcelOut: {
            readonly offset: number;
            readonly outcomes: {
                readonly [key: string]: components["schemas"]["EdgeOutcome"];
            } | null;
        };
        /**
         * @description Whose time it is.
         * @enum {string}
         */
        readonly Part: "upload" | "queue" | "read" | "audit" | "delivery" | "retake";
        /** @description Seconds spent so far, from the task's events alone; `upload` and `clock_a` are null where nobody told when the exam began. */
        readonly PartsOut: {
            readonly upload: number | null;
            readonly queue: number;
            readonly read: number;
            readonly audit: number;
            readonly delivery: number;
            readonly retake: number;
            /** @description From the start of the examination to the final report, never paused. */
            readonly clock_a: number | null;
        };
        /** @description The password of now, and the one to come. */
        readonly PasswordChange: {
            readonly password: string;
            readonly new_password: string;
        };
        /** @description The password once more, before something that an open screen alone must not do. */
        readonly PasswordShown: {
            readonly password: string;
        };
        /** @description The patient before the doctor: the exact number, or the exact name with the date of birth. And why. */
        readonly PatientKnown: {
            readonly patient_id?: string;
            readonly name?: string;
            readonly birth_date?: string;
            readonly reason: string;
        };
        /** @description The patient as the clinic's equipment named him. */
        readonly PatientOut: {
            readonly id: string;
            readonly name: string;
            readonly sex: components["schemas"]["Sex"];
            /** @description YYYY-MM-DD, empty when unknown. */
            readonly birth_date: string;
            /** @description At the time of the exam, in years, months or days; empty when unknown. */
            readonly age: string;
        };
        readonly PatientQuery: {
            /** @description The beginning of a number, a name, its pinyin or initials; the whole number of an ID card. */
            readonly q: string;
            readonly institution?: string;
        };
        /** @description A patient as one institution numbers him, as first told. `person` is the row that stands for the whole person. */
        readonly PatientRowOut: {
            readonly id: number;
            readonly person: number;
            readonly patient: components["schemas"]["PatientOut"];
            /** @description Who gave the patient ID; empty for the institution itself. */
            readonly issuer: string;
            readonly told_issuer: string;
            readonly national_id: string;
            readonly phone: string;
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            readonly studies: number;
        };
        /** @description A study of a person. */
        readonly PersonStudyOut: {
            readonly study_instance_uid: string;
            readonly patient_row: number;
            readonly at: string;
            /** @description The day it was made, where its objects tell a day and no time; `at` is then its beginning. */
            readonly exam_date: string | null;
            readonly modality: string;
            readonly description: string;
            readonly body_part: string;
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            readonly report_id: number | null;
        };
        /** @description A phrase; `modalities` and `body_parts` empty for all, `section` empty for both. */
        readonly PhraseIn: {
            /** @enum {string} */
            readonly level?: "own" | "department" | "county";
            readonly department?: components["schemas"]["Department"] | null;
            readonly code?: string;
            readonly section?: components["schemas"]["PhraseSection"] | "";
            readonly zh: string;
            readonly en?: string;
            readonly modalities?: readonly string[];
            readonly body_parts?: readonly string[];
        };
        /** @description A phrase that the caller may use. `{...}` in it is to be filled in. */
        readonly PhraseOut: {
            readonly id: string;
            readonly level: components["schemas"]["Level"];
            readonly department: string;
            readonly code: string;
            readonly section: components["schemas"]["PhraseSection"] | "";
            readonly zh: string;
            readonly en: string;
            readonly modalities: readonly string[];
            readonly body_parts: readonly string[];
            readonly pinyin: string;
            readonly initials: string;
            /** @description By the caller. */
            readonly uses: number;
            readonly may_change: boolean;
        };
        /**
         * @description Where a phrase goes.
         * @enum {string}
         */
        readonly PhraseSection: "findings" | "impression";
        readonly PieceOut: {
            readonly kind: components["schemas"]["Kept"];
            readonly text: string;
        };
        /**
         * @description What comparing an object in another encoding with the one in the archive found; empty until it is done.
         *
         *     WITHIN_LOSS: the pixels differ no more than lossy compression makes them. UNREADABLE: one of the two cannot be decoded.
         * @enum {string}
         */
        readonly PixelFinding: "identical" | "within_loss" | "different" | "unreadable";
        /** @description Whose it is to be; `department` only with the level of that name. */
        readonly PlaceIn: {
            /** @enum {string} */
            readonly level?: "own" | "department" | "county";
            readonly department?: components["schemas"]["Department"] | null;
        };
        /** @description What a clinic owes for the month: how many lines of each kind, and what they come to. */
        readonly PlaceLine: {
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            /** @description Name of its class of contract; empty: the list's fees. */
            readonly contract: string;
            readonly contract_en: string;
            readonly readings: number;
            readonly duplicates: number;
            readonly amendments: number;
            readonly withdrawals: number;
            readonly unreadable: number;
            readonly corrections: number;
            readonly fee: number;
        };
        /** @description The new order, and what was there of the same patient before it. */
        readonly PlacedOrder: {
            readonly id: number;
            readonly version: number;
            readonly state: components["schemas"]["OrderState"];
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            readonly accession_number: string;
            readonly placer_order_number: string;
            readonly filler_order_number: string;
            readonly study_instance_uid: string;
            readonly study_arrived: boolean;
            readonly patient: components["schemas"]["OrderPatientOut"];
            readonly modality: string;
            readonly scheduled_at: string;
            readonly device: string;
            readonly procedure_code: string;
            readonly procedure_description: string;
            readonly body_part: string;
            readonly priority: components["schemas"]["Priority"];
            readonly referring_doctor: string;
            readonly referring_department: string;
            readonly clinical_information: string;
            readonly diagnosis: string;
            readonly green_channel: components["schemas"]["Kind"] | "";
            readonly source: components["schemas"]["OrderSource"];
            readonly created_at: string;
            readonly updated_at: string;
            readonly started_at: string | null;
            readonly ended_at: string | null;
            readonly cancel_reason: string;
            readonly duplicates: components["schemas"]["CandidatesOut"];
        };
        /** @description A value to keep. What it means is between the pages of the application. */
        readonly PreferenceIn: {
            readonly value: components["schemas"]["JsonValue"];
            /**
             * @description The version that the caller knows, 0 for none: when another was kept since, nothing changes (409). Without it the
             *     value is kept in any case.
             */
            readonly after?: number | null;
        };
        /** @description One thing that the caller set for himself. */
        readonly PreferenceOut: {
            readonly name: string;
            readonly value: components["schemas"]["JsonValue"];
            /** @description Counts how often it was set. */
            readonly version: number;
            readonly changed_at: string;
        };
        /** @description The preliminary report that a final one follows. */
        readonly PreliminaryOut: {
            readonly version: number;
            readonly sha256: string;
            /** @description Of findings, impression, positive, critical. */
            readonly differs: readonly string[];
            /** @description From 0 to 1. */
            readonly impression_likeness: number;
        };
        /** @description What is in the archive in the place that the object claims. */
        readonly PresentOut: {
            readonly study_instance_uid: string;
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            readonly patient: components["schemas"]["PatientOut"];
            readonly modality: string;
            readonly description: string;
            readonly exam_started_at: string | null;
            readonly instances: number;
            /** @description Whether an object under the same SOP Instance UID is there. */
            readonly has_object: boolean;
            readonly has_signed_report: boolean;
        };
        /** @description The content makes sense. For service times, what they would have made of the last 30 days; empty for other chapters. */
        readonly PreviewOut: {
            readonly effects: readonly components["schemas"]["EffectOut"][];
            readonly warnings: readonly string[];
        };
        /** @description An earlier study of the person whose study is being read. */
        readonly PriorOut: {
            readonly study_instance_uid: string;
            readonly patient_row: number;
            readonly at: string;
            /** @description The day it was made, where its objects tell a day and no time; `at` is then its beginning. */
            readonly exam_date: string | null;
            readonly modality: string;
            readonly description: string;
            readonly body_part: string;
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            readonly report_id: number | null;
            /** @description As that study's own clinic tells him. */
            readonly patient: components["schemas"]["PatientOut"];
        };
        readonly PriorScoreIn: {
            readonly score: components["schemas"]["Radpeer"];
            readonly comment?: string;
            /** @description The earlier study's report. */
            readonly report_id: number;
        };
        /**
         * @description P0 green channel (chest pain, stroke, trauma), P1 emergency, P2 routine, P3 inpatient, check-up, mobile van.
         * @enum {string}
         */
        readonly Priority: "P0" | "P1" | "P2" | "P3";
        readonly PriorityIn: {
            readonly priority: components["schemas"]["Priority"];
            readonly reason: string;
        };
        /** @description The earlier studies of a person, the latest first. */
        readonly PriorsOut: {
            readonly items: readonly components["schemas"]["PriorOut"][];
        };
        /** @description A process by its last sign of life, and what it says about itself. */
        readonly ProcessOut: {
            readonly process: string;
            readonly kind: string;
            readonly started_at: string;
            readonly seen_at: string;
            readonly alive: boolean;
            readonly report: {
                readonly [key: string]: unknown;
            };
        };
        /** @description Two rows that somebody should look at. */
        readonly ProposeIn: {
            readonly first: number;
            readonly second: number;
            readonly note?: string;
        };
        /**
         * @description A rule; a key on the reading page goes on to its next step, and then to the next rule that fits.
         *
         *     A reader's rule with the `key` of one of the county's stands in its place.
         */
        readonly Protocol: {
            readonly key: string;
            readonly zh: string;
            readonly en: string;
            readonly when: components["schemas"]["Condition"];
            readonly steps: readonly components["schemas"]["HangingStep"][];
        };
        /** @description A new edition, from now on or from a later moment on, and why. */
        readonly PublishIn: {
            readonly content: {
                readonly [key: string]: unknown;
            };
            readonly effective_from?: string | null;
            readonly note: string;
        };
        /** @description What the county has set for grades and retakes. */
        readonly QualityRulesOut: {
            readonly reasons: readonly components["schemas"]["QualityReasonOut"][];
            /** @description Modalities whose images must be graded before signing; `*` is all. */
            readonly required_for: readonly string[];
            readonly not_for: readonly string[];
            readonly retake_seen_minutes: number;
        };
        /** @description An object with what it conflicts with, and what may be decided. */
        readonly QuarantineDetail: {
            readonly id: number;
            readonly reason: components["schemas"]["QuarantineReason"];
            readonly detail: string;
            readonly institution: string | null;
            readonly institution_name: string;
            readonly institution_name_en: string;
            readonly ae_title: string;
            readonly sop_instance_uid: string;
            readonly study_instance_uid: string;
            readonly modality: string;
            readonly description: string;
            readonly exam_started_at: string | null;
            /** @description As the object tells him; null where it cannot be read. */
            readonly patient: components["schemas"]["PatientOut"] | null;
            readonly size: number;
            readonly received_at: string;
            readonly attempts: number;
            /** @description For an object in another encoding: what comparing its pixels with the archive's found, null until that is done. */
            readonly pixels: components["schemas"]["PixelFinding"] | null;
            readonly pixels_detail: string;
            readonly resolved_at: string | null;
            readonly resolution: string;
            readonly decision: components["schemas"]["Decision"] | null;
            /** @description For one that is taken in: whether it is back in the intake. */
            readonly carried: boolean;
            /** @description When its bytes may be deleted; null where nobody said that they may. */
            readonly keep_until: string | null;
            readonly purged_at: string | null;
            readonly present: components["schemas"]["PresentOut"] | null;
            readonly decisions: readonly components["schemas"]["Decision"][];
            /** @description How many objects of this study wait, this one included. */
            readonly same_study: number;
            /** @description How many objects of this device wait, this one included. */
            readonly same_device: number;
        };
        /** @description An object kept aside for a person to decide on. */
        readonly QuarantineOut: {
            readonly id: number;
            readonly reason: components["schemas"]["QuarantineReason"];
            readonly detail: string;
            readonly institution: string | null;
            readonly institution_name: string;
            readonly institution_name_en: string;
            readonly ae_title: string;
            readonly sop_instance_uid: string;
            readonly study_instance_uid: string;
            readonly modality: string;
            readonly description: string;
            readonly exam_started_at: string | null;
            /** @description As the object tells him; null where it cannot be read. */
            readonly patient: components["schemas"]["PatientOut"] | null;
            readonly size: number;
            readonly received_at: string;
            readonly attempts: number;
            /** @description For an object in another encoding: what comparing its pixels with the archive's found, null until that is done. */
            readonly pixels: components["schemas"]["PixelFinding"] | null;
            readonly pixels_detail: string;
            readonly resolved_at: string | null;
            readonly resolution: string;
            readonly decision: components["schemas"]["Decision"] | null;
            /** @description For one that is taken in: whether it is back in the intake. */
            readonly carried: boolean;
            /** @description When its bytes may be deleted; null where nobody said that they may. */
            readonly keep_until: string | null;
            readonly purged_at: string | null;
        };
        /**
         * @description Why an object was kept aside for a person to look at.
         * @enum {string}
         */
        readonly QuarantineReason: "not_dicom" | "no_identifiers" | "no_patient" | "other_bytes" | "other_encoding" | "other_patient" | "other_institution" | "other_series" | "unknown_device" | "not_catalogued";
        /** @description A word between reader and clinic. */
        readonly QuestionOut: {
            readonly kind: components["schemas"]["WordKind"];
            readonly text: string;
            /** @description Of a return: why the images must be taken again. */
            readonly code: string;
            readonly series_instance_uid: string | null;
            readonly by: string;
            readonly at: string;
        };
        /** @description Local times, over midnight when the second is the earlier one. */
        readonly QuietHoursIn: {
            readonly begins: string;
            readonly ends: string;
        };
        /**
         * @description RADPEER scores (ACR): 1 concur; 2 not usually seen, 3 should usually be seen; a minor, b significant; 4 of the older scale.
         * @enum {string}
         */
        readonly Radpeer: "1" | "2a" | "2b" | "3a" | "3b" | "4";
        /** @description A finding in a study. A clinic suspects it; a physician's word confirms it in the same step. */
        readonly RaiseIn: {
            readonly study_instance_uid: string;
            readonly code: string;
            readonly finding: string;
            readonly told?: components["schemas"]["ToldIn"] | null;
        };
        /** @description Told within ten minutes with records of both sides, of all that were to be told. */
        readonly RateOut: {
            /** @description Code of the clinic; empty for the county. */
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            readonly numerator: number;
            readonly denominator: number;
            readonly value: number | null;
            /** @description In time, but one side has no record. */
            readonly one_sided: number;
            /** @description Of how many the clinic knows, however late. */
            readonly told: number;
            /** @description From the beginning of the ten minutes until a person at the clinic knew. */
            readonly median_minutes: number | null;
        };
        /** @description A reader on shift, or off it with a case in hand. */
        readonly ReaderLine: {
            readonly username: string;
            readonly name: string;
            readonly on_duty: boolean;
            readonly on_call: boolean;
            readonly shift: string;
            readonly until: string | null;
            readonly in_hand: readonly components["schemas"]["InHandOut"][];
            /** @description Cases that are assigned to him, or wait for an answer that he asked for. */
            readonly kept: number;
            readonly cases_today: number;
            readonly rvu_today: number;
        };
        /**
         * @description Why a study was opened for reading; `reading_queue.readiness` has the rules.
         * @enum {string}
         */
        readonly ReadyReason: "listed" | "counted" | "released" | "idle" | "missing" | "limit" | "limit_unstored";
        readonly ReasonIn: {
            readonly reason: string;
        };
        /** @description Who took the result, where that is another than the one logged in. */
        readonly ReceiptIn: {
            readonly received_by?: string;
            /** @description It has been put on paper for the patient too. */
            readonly printed?: boolean;
        };
        readonly ReceiptOut: {
            readonly seq: number;
            readonly received_at: string;
            readonly received_by: string;
            /** @description When it was first printed, as far as it was told. */
            readonly printed_at: string | null;
            readonly printed_by: string;
        };
        readonly RecogniseIn: {
            readonly institution?: string;
            readonly patient: components["schemas"]["OrderPatientIn"];
            readonly modality: string;
            readonly body_part?: string;
            /** @description Of the earlier examination, as the check named it. */
            readonly study_instance_uid: string;
        };
        /** @description How often what could have been recognised was; `share` from 0 to 1. */
        readonly RecognitionFigureOut: {
            readonly institution: string;
            readonly recognised: number;
            readonly repeated: number;
            readonly share: number | null;
            /** @description Of the repeated ones. */
            readonly reasons: {
                readonly [key: string]: number;
            };
        };
        readonly RecognitionFigures: {
            readonly items: readonly components["schemas"]["RecognitionFigureOut"][];
        };
        /** @description Each stands in for the authenticator once; they are not shown again. */
        readonly RecoveryCodes: {
            readonly recovery_codes: readonly string[];
        };
        /** @description Deliveries by `id`, or null for all that were given up. */
        readonly RedriveIn: {
            readonly ids?: readonly number[] | null;
        };
        /**
         * @description What people do with a referral.
         * @enum {string}
         */
        readonly ReferralAction: "open" | "accept" | "arrive" | "feed_back" | "cancel";
        /** @description A step: who, when, and with what words. */
        readonly ReferralEventOut: {
            readonly action: components["schemas"]["ReferralAction"];
            readonly at: string;
            readonly actor: string;
            readonly words: string;
        };
        /** @description Whose study it is, why he is sent on, and where to; an empty `destination` is the county hospital. */
        readonly ReferralIn: {
            readonly study_instance_uid: string;
            readonly reason: string;
            readonly destination?: string;
        };
        /** @description A patient who was sent on, and where that stands. */
        readonly ReferralOut: {
            readonly id: number;
            readonly state: components["schemas"]["ReferralState"];
            readonly study_instance_uid: string;
            readonly modality: string;
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            readonly patient: components["schemas"]["PatientOut"];
            readonly reason: string;
            readonly destination: string;
            readonly opened_at: string;
            readonly answer_due_at: string;
            readonly end_due_at: string;
            readonly unanswered_at: string | null;
            readonly overdue_at: string | null;
            readonly events: readonly components["schemas"]["ReferralEventOut"][];
        };
        /**
         * @description From the sending to what came of it; whether it is overdue is a moment beside the state.
         * @enum {string}
         */
        readonly ReferralState: "open" | "accepted" | "arrived" | "fed_back" | "cancelled";
        /** @description `words` are needed to feed back and to take back. */
        readonly ReferralStepIn: {
            readonly words?: string;
        };
        /** @description Why one object was left as it is. */
        readonly RefusalOut: {
            readonly id: number;
            readonly code: string;
            readonly detail: string;
        };
        readonly RejectIn: {
            readonly lease_token: string;
            readonly reason: string;
        };
        /** @description The token of the claim; without one a named reader turns an assignment down, with a reason. */
        readonly ReleaseIn: {
            readonly lease_token?: string | null;
            readonly reason?: string;
        };
        /** @description Values over the template's defaults, and the language of the words. */
        readonly RenderIn: {
            readonly values?: {
                readonly [key: string]: string | number | readonly string[] | null;
            };
            /** @enum {string} */
            readonly language?: "zh" | "en";
        };
        /** @description A report in words. */
        readonly RenderedOut: {
            readonly findings: string;
            readonly impression: string;
            /** @description Whether a value is abnormal. */
            readonly positive: boolean;
            readonly sentences: readonly components["schemas"]["SaidOut"][];
            /** @description All values that count, defaults included. */
            readonly values: {
                readonly [key: string]: string | number | readonly string[] | null;
            };
            readonly classes: {
                readonly [key: string]: string;
            };
        };
        /** @description Why the decision is taken back. */
        readonly ReopenIn: {
            readonly note?: string;
        };
        /** @description Why an examination is ordered although an earlier one could be recognised (`/api/v1/orders/rules`). */
        readonly RepeatIn: {
            readonly code: string;
            readonly text?: string;
        };
        readonly ReplayOut: {
            /** @description How many are to be sent now. */
            readonly results: number;
        };
        /**
         * @description What a signed version is to the version before it.
         * @enum {string}
         */
        readonly ReportKind: "preliminary" | "final" | "amended" | "addendum" | "withdrawn";
        /** @description A report with the token of the claim. */
        readonly ReportUnderLease: {
            readonly lease_token: string;
            readonly report: components["schemas"]["ReadingsReportIn"];
        };
        /** @description Objects of one study that the county asks a clinic to put right and send anew. */
        readonly ResendOut: {
            readonly study_instance_uid: string;
            readonly institution: string;
            readonly ae_title: string;
            readonly reason: components["schemas"]["QuarantineReason"];
            readonly modality: string;
            readonly description: string;
            readonly patient: components["schemas"]["PatientOut"] | null;
            readonly note: string;
            readonly objects: number;
            readonly asked_at: string;
        };
        /** @description A decision; `storage.domain.studies.Decision` says what each does. */
        readonly ResolveIn: {
            readonly resolution: components["schemas"]["Decision"];
            readonly note?: string;
            /** @description With `take_in` of an object of another patient: the two are one person, and are merged. */
            readonly same_person?: boolean;
            /** @description With `replace`: also where a signed report rests on the older object. */
            readonly despite_report?: boolean;
        };
        /** @description Of one day of the county, institution and modality; minutes are medians, null where there is nothing to count. */
        readonly ResultCountOut: {
            readonly day: string;
            readonly institution: string;
            readonly modality: string;
            readonly reports: number;
            readonly positive: number;
            readonly critical: number;
            /** @description Amended, or added to. */
            readonly changed: number;
            readonly withdrawn: number;
            readonly received: number;
            readonly printed: number;
            /** @description From the study being whole to the signature. */
            readonly signed_minutes: number | null;
            /** @description From the signature to the receipt. */
            readonly received_minutes: number | null;
        };
        readonly ResultCountPage: {
            readonly items: readonly components["schemas"]["ResultCountOut"][];
        };
        /** @description A line in the clinic's gap-free sequence. */
        readonly ResultOut: {
            readonly seq: number;
            readonly kind: components["schemas"]["ReportKind"];
            readonly study_instance_uid: string;
            readonly report_id: number;
            readonly version: number;
            readonly created_at: string;
            readonly modality: string;
            readonly description: string;
            readonly patient: components["schemas"]["PatientOut"];
            readonly positive: boolean | null;
            readonly critical: string;
            readonly received_at: string | null;
            readonly received_by: string | null;
            readonly printed_at: string | null;
            readonly printed_by: string;
        };
        /** @description `next` is the number to ask after the next time. */
        readonly ResultPage: {
            readonly items: readonly components["schemas"]["ResultOut"][];
            readonly next: number;
        };
        /** @description An order to take images again. */
        readonly RetakeOut: {
            readonly id: number;
            readonly task_id: number;
            readonly study_instance_uid: string;
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            readonly patient: components["schemas"]["PatientOut"];
            readonly modality: string;
            readonly description: string;
            readonly body_part: string;
            readonly device: string;
            readonly operator: string;
            readonly state: components["schemas"]["RetakeState"];
            readonly reason_code: string;
            readonly reason: string;
            readonly guidance: string;
            readonly marked: components["schemas"]["QualityMarkOut"];
            /** @description The picture that stands for the study; null until it is made. */
            readonly thumbnail: string | null;
            readonly ordered_by_name: string;
            readonly ordered_at: string;
            readonly see_by: string;
            readonly answer_by: string;
            readonly seen_at: string | null;
            readonly seen_by_name: string;
            readonly closed_at: string | null;
            readonly close_reason: string;
        };
        /**
         * @description What became of an order to take images again.
         * @enum {string}
         */
        readonly RetakeState: "open" | "seen" | "redone" | "waived" | "expired";
        /** @description Back to the clinic for new images. */
        readonly ReturnIn: {
            readonly lease_token: string;
            readonly series_instance_uid?: string | null;
            readonly sop_instance_uid?: string | null;
            readonly frame?: number | null;
            /** @description left, top, right, bottom */
            readonly region?: readonly [
                number,
                number,
                number,
                number
            ] | null;
            /** @enum {string} */
            readonly shape?: "rectangle" | "arrow";
            readonly code: string;
            readonly reason: string;
            /** @description How to do it better. */
            readonly guidance?: string;
        };
        /** @description What the manager thinks of it. */
        readonly Review: {
            readonly outcome: components["schemas"]["GlassOutcome"];
            readonly note?: string;
        };
        /** @description A review in the queue. */
        readonly ReviewLine: {
            readonly id: number;
            readonly state: components["schemas"]["ReviewState"];
            readonly drawn_by: components["schemas"]["DrawnBy"];
            readonly drawn_at: string;
            readonly modality: string;
            readonly description: string;
        };
        /** @description A report to be reviewed, without the names of its author, signer and clinic. */
        readonly ReviewOut: {
            readonly id: number;
            readonly state: components["schemas"]["ReviewState"];
            readonly drawn_by: components["schemas"]["DrawnBy"];
            readonly drawn_at: string;
            readonly study_instance_uid: string;
            readonly modality: string;
            readonly body_part: string;
            readonly description: string;
            readonly sex: string;
            readonly age: number | null;
            readonly findings: string;
            readonly impression: string;
            readonly positive: boolean | null;
            readonly critical: string;
        };
        /**
         * @description A review waits, is in somebody's hands, or has been given.
         * @enum {string}
         */
        readonly ReviewState: "waiting" | "taken" | "done";
        readonly ReviewsOut: {
            readonly items: readonly components["schemas"]["ReviewLine"][];
        };
        /**
         * @description What a user is here to do.
         * @enum {string}
         */
        readonly Role: "clinic" | "radiologist" | "auditor" | "manager" | "regulator" | "admin" | "consultant";
        /** @description A week, Monday to Sunday, by the county's clock. */
        readonly RosterOut: {
            /** Format: date */
            readonly first: string;
            /** Format: date */
            readonly today: string;
            readonly zone: string;
            readonly editable: boolean;
            readonly people: readonly components["schemas"]["RostersPersonOut"][];
            readonly kinds: readonly components["schemas"]["KindOut"][];
            readonly shifts: readonly components["schemas"]["ShiftOut"][];
            readonly absences: readonly components["schemas"]["AbsenceOut"][];
            /** @description Hours to come that nobody covers; none where the county keeps no roster. */
            readonly gaps: readonly components["schemas"]["GapOut"][];
            readonly findings: readonly components["schemas"]["RostersFindingOut"][];
        };
        /** @description How long the key that follows lives. */
        readonly Rotation: {
            readonly days?: number | null;
        };
        /**
         * @description The rules by their stable codes.
         * @enum {string}
         */
        readonly Rule: "empty" | "placeholder" | "template_left" | "choice_left" | "side_differs" | "side_of_exam" | "sex" | "age" | "positive_but_normal" | "negative_but_abnormal" | "negative_but_described" | "critical_untold" | "unit_missing" | "implausible" | "modality_words" | "typing";
        /**
         * @description A chapter of the county's rules. Each has editions of its own, in force from a day on.
         * @enum {string}
         */
        readonly RuleKind: "service_times" | "calendar" | "assignment" | "critical_values" | "notices" | "quality" | "signatures" | "course" | "green_channel" | "access" | "results" | "orders" | "settlement" | "boards" | "hanging";
        /** @description Every chapter of the county's rules. */
        readonly RulesOut: {
            readonly items: readonly components["schemas"]["ChapterLine"][];
        };
        /** @description One sentence; `paragraph` begins a new line. */
        readonly SaidOut: {
            readonly id: string;
            readonly text: string;
            readonly paragraph: boolean;
        };
        readonly SavedOut: {
            readonly saved_at: string;
        };
        /**
         * @description What an API key may be used for.
         * @enum {string}
         */
        readonly Scope: "results:read" | "receipts:write" | "orders:write" | "studies:read" | "dicomweb" | "fhir";
        /** @description RADPEER; everything but 1 needs a comment for the author. */
        readonly ScoreIn: {
            readonly score: components["schemas"]["Radpeer"];
            readonly comment?: string;
        };
        readonly ScoredOut: {
            readonly id: number;
            readonly score: components["schemas"]["Radpeer"];
            readonly suggests_amendment: boolean;
        };
        /** @description What a signed version keeps: all values, classifications by name, as `{"BI-RADS": "4A"}`, and coded statements. */
        readonly SealedStructureOut: {
            readonly template: string;
            readonly version: number;
            /** @enum {string} */
            readonly language: "zh" | "en";
            readonly values: {
                readonly [key: string]: string | number | readonly string[] | null;
            };
            readonly key: string;
            readonly title: {
                readonly [key: string]: string;
            };
            readonly classes: {
                readonly [key: string]: string;
            };
            readonly statements: readonly components["schemas"]["TemplatesStatementOut"][];
        };
        readonly SecondLooksOut: {
            /** Format: date */
            readonly begin: string;
            /** Format: date */
            readonly end: string;
            /** @description Everybody for the manager; for anybody else himself alone. */
            readonly authors: readonly components["schemas"]["AuthorFigureOut"][];
            readonly modalities: readonly components["schemas"]["AuthorFigureOut"][];
        };
        /** @description Notices by their `id`, or null for all up to now that are not urgent. */
        readonly SeenIn: {
            readonly ids?: readonly number[] | null;
        };
        /** @description Who has seen a note, and when first. */
        readonly SeenOut: {
            readonly name: string;
            readonly at: string;
        };
        /** @description A series. `kind` says which viewer it needs. */
        readonly SeriesOut: {
            readonly series_instance_uid: string;
            readonly modality: string;
            readonly number: number | null;
            readonly description: string;
            readonly body_part: string;
            readonly laterality: string;
            readonly instances: number;
            /** @description How many of them a reader has rejected: they were, or are to be, taken again. */
            readonly rejected: number;
            readonly thumbnail: string | null;
            readonly preview: string | null;
            /** @enum {string} */
            readonly kind: "image" | "ecg" | "document";
        };
        /** @description Who is logged in, and until when. */
        readonly SessionOut: {
            readonly user: components["schemas"]["UserOut"];
            readonly expires_at: string;
            /** @description What has to be done before anything else opens: a new password, or a second factor. Empty for nothing. */
            readonly duty: components["schemas"]["Duty"];
            readonly masked: boolean;
        };
        /**
         * @description Patient's Sex (0010,0040).
         * @enum {string}
         */
        readonly Sex: "M" | "F" | "O" | "";
        /** @description A link, without its token. */
        readonly ShareLine: {
            readonly id: number;
            readonly study_instance_uid: string;
            readonly modality: string;
            readonly purpose: string;
            readonly created_by: string;
            readonly created_at: string;
            readonly expires_at: string;
            readonly passcode: boolean;
            readonly max_uses: number | null;
            readonly uses: number;
            readonly last_used_at: string | null;
            readonly revoked_at: string | null;
            readonly live: boolean;
        };
        /** @description The latest first. */
        readonly ShareList: {
            readonly items: readonly components["schemas"]["ShareLine"][];
        };
        /** @description `key` is a month, an institution's code or a modality. */
        readonly ShareOut: {
            readonly key: string;
            readonly label: string;
            readonly label_en: string;
            readonly numerator: number;
            readonly denominator: number;
            readonly percent: number | null;
        };
        /** @description A shift for one reader. With `starts_at` and `ends_at` it lasts as they say, else as its kind says. */
        readonly ShiftIn: {
            readonly user: string;
            readonly kind: number;
            /** Format: date */
            readonly day: string;
            readonly starts_at?: string | null;
            readonly ends_at?: string | null;
            readonly on_call?: boolean | null;
            readonly phone?: string;
            readonly note?: string;
        };
        /** @description A shift of one reader. */
        readonly ShiftOut: {
            readonly id: number;
            readonly user: string;
            readonly kind: number;
            /** Format: date */
            readonly day: string;
            readonly starts_at: string;
            readonly ends_at: string;
            readonly exact: boolean;
            readonly on_call: boolean;
            /** @description Where to call him: the shift's own, or its kind's. */
            readonly phone: string;
            readonly note: string;
        };
        /** @description The token of a link, and its passcode where it has one. */
        readonly Shown: {
            readonly token: string;
            readonly passcode?: string;
        };
        /** @description `secret` goes into `Authorization: Bearer`. It is not kept and not shown again. */
        readonly ShownKey: {
            readonly key: components["schemas"]["KeyLine"];
            readonly secret: string;
        };
        /** @description `path` behind the application's address is the link. The token stands behind the #, which browsers do not send. */
        readonly ShownShare: {
            readonly share: components["schemas"]["ShareLine"];
            readonly path: string;
        };
        /** @description `path` behind the application's address is the link, shown this once. */
        readonly ShownWall: {
            readonly wall: components["schemas"]["WallLine"];
            readonly path: string;
        };
        /**
         * @description Signs what is given, or the draft as it is.
         *
         *     `override_reason`: why it is signed although the writing rules stop it. `discrepancy`: how much what the signer changed
         *     of the author's words matters.
         */
        readonly SignIn: {
            readonly lease_token: string;
            readonly report?: components["schemas"]["ReadingsReportIn"] | null;
            readonly override_reason?: string;
            readonly discrepancy?: components["schemas"]["Discrepancy"] | null;
        };
        /** @description The version that was issued. */
        readonly SignedOut: {
            readonly task: components["schemas"]["TaskOut"];
            readonly report_id: number;
            readonly version: number;
        };
        /** @description Equipment that has not called for longer than the county's rules allow. */
        readonly SilentOut: {
            readonly ae_title: string;
            readonly name: string;
            readonly modality: string;
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            readonly last_seen_at: string | null;
        };
        /** @description Pass over the next result, which the other system will not take. */
        readonly SkipIn: {
            readonly seq: number;
            readonly reason: string;
        };
        /**
         * @description Where the size of a pixel comes from; `docs/measuring.md` has the rule of each.
         * @enum {string}
         */
        readonly SpacingMethod: "patient" | "calibrated" | "magnification" | "detector" | "film" | "region" | "uncalibrated" | "pixels";
        /** @description By lead, µV at J+60 ms of each minute's median beat; null where it could not be told. */
        readonly StTrendOut: {
            readonly leads: readonly string[];
            readonly minutes: readonly (readonly (number | null)[])[];
        };
        /**
         * @description Where a task stands on clock B: within its target, near it, past it, past its maximum.
         * @enum {string}
         */
        readonly Standing: "on_time" | "soon" | "late" | "breached";
        /** @description Equipment whose objects wait at the station. */
        readonly StationCallerIn: {
            readonly ae_title: string;
            readonly address: string;
        };
        /** @description A station as its last report shows it. */
        readonly StationOut: {
            readonly ae_title: string;
            readonly institution: string;
            readonly institution_name: string;
            readonly name: string;
            readonly active: boolean;
            readonly last_contact: string | null;
            readonly version: string;
            readonly backlog: components["schemas"]["BacklogIn"] | null;
        };
        /** @description Values of a template, over its defaults. */
        readonly StructureIn: {
            readonly template: string;
            readonly version: number;
            /** @enum {string} */
            readonly language?: "zh" | "en";
            readonly values?: {
                readonly [key: string]: string | number | readonly string[] | null;
            };
        };
        /** @description What a draft keeps of the template. */
        readonly StructureOut: {
            readonly template: string;
            readonly version: number;
            /** @enum {string} */
            readonly language: "zh" | "en";
            readonly values: {
                readonly [key: string]: string | number | readonly string[] | null;
            };
        };
        /** @description A study with its series and tasks, and what is wanted of the clinic while it waits for that. */
        readonly StudyDetail: {
            readonly study_instance_uid: string;
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            readonly modality: string;
            readonly description: string;
            readonly body_part: string;
            readonly series: number;
            readonly instances: number;
            readonly state: components["schemas"]["TaskState"] | "receiving";
            readonly priority: components["schemas"]["Priority"];
            readonly patient: components["schemas"]["PatientOut"];
            readonly exam_started_at: string | null;
            /** @description The day it was made, where its objects tell a day and no time. */
            readonly exam_date: string | null;
            readonly first_received_at: string;
            readonly last_received_at: string;
            readonly ready_at: string | null;
            /** @description Why it was opened for reading; null until it was. */
            readonly ready_reason: components["schemas"]["ReadyReason"] | null;
            /** @description What keeps a study that is `receiving` from being read; null until that has been looked at. */
            readonly waiting_for: components["schemas"]["WaitingFor"] | null;
            /** @description Objects that were named or announced and have not come. */
            readonly missing: number;
            /** @description Out of how many, where that is known. */
            readonly expected: number | null;
            /** @description It is read although objects are missing, or the waiting was cut short. */
            readonly may_be_incomplete: boolean;
            readonly due_at: string | null;
            readonly limit_at: string | null;
            readonly sla: components["schemas"]["Standing"] | null;
            readonly task_id: number | null;
            readonly report_id: number | null;
            readonly thumbnail: string | null;
            readonly device: string;
            readonly accession_number: string;
            readonly series_list: readonly components["schemas"]["SeriesOut"][];
            readonly tasks: readonly components["schemas"]["TaskOut"][];
            readonly request: components["schemas"]["StudiesRequestOut"] | null;
        };
        /** @description A study, and where it stands: `receiving` until it is whole, then the state of its latest task. */
        readonly StudyOut: {
            readonly study_instance_uid: string;
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            readonly modality: string;
            readonly description: string;
            readonly body_part: string;
            readonly series: number;
            readonly instances: number;
            readonly state: components["schemas"]["TaskState"] | "receiving";
            readonly priority: components["schemas"]["Priority"];
            readonly patient: components["schemas"]["PatientOut"];
            readonly exam_started_at: string | null;
            /** @description The day it was made, where its objects tell a day and no time. */
            readonly exam_date: string | null;
            readonly first_received_at: string;
            readonly last_received_at: string;
            readonly ready_at: string | null;
            /** @description Why it was opened for reading; null until it was. */
            readonly ready_reason: components["schemas"]["ReadyReason"] | null;
            /** @description What keeps a study that is `receiving` from being read; null until that has been looked at. */
            readonly waiting_for: components["schemas"]["WaitingFor"] | null;
            /** @description Objects that were named or announced and have not come. */
            readonly missing: number;
            /** @description Out of how many, where that is known. */
            readonly expected: number | null;
            /** @description It is read although objects are missing, or the waiting was cut short. */
            readonly may_be_incomplete: boolean;
            readonly due_at: string | null;
            readonly limit_at: string | null;
            readonly sla: components["schemas"]["Standing"] | null;
            readonly task_id: number | null;
            readonly report_id: number | null;
            readonly thumbnail: string | null;
            readonly device: string;
            readonly accession_number: string;
        };
        /** @description A statement for the physician to take or leave, with the rule and the numbers that fulfilled it. */
        readonly SuggestionOut: {
            readonly code: string;
            readonly name: string;
            readonly name_en: string;
            readonly rule: string;
            readonly numbers: string;
        };
        /** @description What the county's lists of critical values were asked about, with the evidence. */
        readonly SuspicionOut: {
            readonly evidence: string;
            readonly measured: {
                readonly [key: string]: number;
            };
            readonly stated: readonly string[];
        };
        /** @description Who takes the shift, and which of his he gives for it, if any. */
        readonly SwapIn: {
            readonly to: string;
            readonly for_shift?: number | null;
            readonly reason?: string;
        };
        /** @description Tasks within their target, past it, and past their maximum. */
        readonly TallyOut: {
            readonly on_time: number;
            readonly late: number;
            readonly breached: number;
        };
        /** @description Why the study has another task, and what was said the last time. */
        readonly TaskBeforeOut: {
            readonly task_id: number;
            readonly report_id: number | null;
            /**
             * @description Images came after the report was signed, or after the task was cancelled or declined; one that a report rests on was
             *     replaced; the report was withdrawn.
             * @enum {string}
             */
            readonly because: "images_after_report" | "images_after_end" | "images_replaced" | "withdrawn";
            /** @description How many had come when this task was opened. */
            readonly images: number;
        };
        /** @description A task with its draft, its history and its report. */
        readonly TaskDetail: {
            readonly id: number;
            readonly state: components["schemas"]["TaskState"];
            readonly priority: components["schemas"]["Priority"];
            readonly modality: string;
            readonly step: string;
            readonly study_instance_uid: string;
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            /** @description Target of the contract's clock; moved forward by pauses. */
            readonly due_at: string;
            /** @description Maximum of the contract's clock. */
            readonly limit_at: string;
            readonly regulatory_due_at: string | null;
            readonly ready_at: string;
            readonly created_at: string;
            readonly state_since: string;
            readonly exam_started_at: string | null;
            /** @description The day it was made, where its objects tell a day and no time. */
            readonly exam_date: string | null;
            readonly reader: string | null;
            readonly reader_name: string | null;
            readonly author: string | null;
            readonly author_name: string | null;
            readonly signer: string | null;
            readonly signer_name: string | null;
            /** @description Who is to read it, while it is assigned or waits for the clinic. */
            readonly kept_for: string | null;
            readonly kept_for_name: string | null;
            readonly lease_expires_at: string | null;
            /** @description The clock stands still: the clinic was asked for something. */
            readonly paused: boolean;
            readonly escalation: number;
            readonly version: number;
            readonly patient: components["schemas"]["PatientOut"];
            readonly description: string;
            readonly body_part: string;
            readonly series: number;
            readonly instances: number;
            /** @description Why the study was opened for reading. */
            readonly ready_reason: components["schemas"]["ReadyReason"] | null;
            /** @description Objects of the study that were named or announced and have not come. */
            readonly missing: number;
            /** @description Out of how many, where that is known. */
            readonly expected: number | null;
            /** @description It is read although objects are missing, or the waiting was cut short. */
            readonly may_be_incomplete: boolean;
            /** @description More images are arriving now. */
            readonly more_arriving: boolean;
            /** @description The task that the study had before this one. */
            readonly previous_task_id: number | null;
            /** @description How the study contradicts its order: name, sex, birth_date, other_clinic. */
            readonly mismatch: readonly string[];
            /** @description One of two readings that know nothing of each other. */
            readonly independent: boolean;
            /** @description Since when the clinic has a preliminary report. */
            readonly preliminary_at: string | null;
            /** @description Calling AE title of the equipment that sent it. */
            readonly device: string;
            readonly accession_number: string;
            readonly thumbnail: string | null;
            readonly report_id: number | null;
            /** @description What its last version is: preliminary, or withdrawn, say. */
            readonly report_kind: components["schemas"]["ReportKind"] | null;
            /** @description What the caller may do with it now. */
            readonly allowed_actions: readonly components["schemas"]["Action"][];
            readonly sla: components["schemas"]["Standing"];
            /** @description Images that have come since the case was taken in hand, or since its report was drafted. */
            readonly late_images: number;
            readonly late_images_since: string | null;
            readonly before: components["schemas"]["TaskBeforeOut"] | null;
            /** @description Null where the study came without an order. */
            readonly request: components["schemas"]["WorklistRequestOut"] | null;
            readonly draft: components["schemas"]["DraftOut"] | null;
            readonly parts: components["schemas"]["PartsOut"];
            /** @description The green-channel case that it belongs to. */
            readonly green_channel_case: number | null;
            /** @description When a draft should be there, so that the auditor has his share of the maximum. */
            readonly read_by: string;
            readonly events: readonly components["schemas"]["TaskEventOut"][];
            readonly questions: readonly components["schemas"]["QuestionOut"][];
            /** @description For the centre's people alone. */
            readonly choice: components["schemas"]["WorklistChoiceOut"] | null;
            /** @description Upper-level hospitals that were asked. A clinic sees that they were, not what was said before it is signed. */
            readonly consultations: readonly components["schemas"]["ConsultationOut"][];
            /** @description Words that stood in the draft before, the last first, and whose they were. */
            readonly drafts_before: readonly components["schemas"]["DraftOut"][];
            /** @description What two independent readers wrote, for the one who decides over both. */
            readonly readings: readonly components["schemas"]["DraftOut"][];
            readonly report: components["schemas"]["ResultsReportOut"] | null;
        };
        /** @description One step of a task. */
        readonly TaskEventOut: {
            readonly seq: number;
            readonly action: components["schemas"]["Action"];
            readonly from_state: components["schemas"]["TaskState"] | "";
            readonly to_state: components["schemas"]["TaskState"];
            readonly actor: string;
            readonly at: string;
            readonly reason: string;
            readonly detail: {
                readonly [key: string]: unknown;
            };
        };
        /** @description A reading task as a line of the worklist. */
        readonly TaskOut: {
            readonly id: number;
            readonly state: components["schemas"]["TaskState"];
            readonly priority: components["schemas"]["Priority"];
            readonly modality: string;
            readonly step: string;
            readonly study_instance_uid: string;
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            /** @description Target of the contract's clock; moved forward by pauses. */
            readonly due_at: string;
            /** @description Maximum of the contract's clock. */
            readonly limit_at: string;
            readonly regulatory_due_at: string | null;
            readonly ready_at: string;
            readonly created_at: string;
            readonly state_since: string;
            readonly exam_started_at: string | null;
            /** @description The day it was made, where its objects tell a day and no time. */
            readonly exam_date: string | null;
            readonly reader: string | null;
            readonly reader_name: string | null;
            readonly author: string | null;
            readonly author_name: string | null;
            readonly signer: string | null;
            readonly signer_name: string | null;
            /** @description Who is to read it, while it is assigned or waits for the clinic. */
            readonly kept_for: string | null;
            readonly kept_for_name: string | null;
            readonly lease_expires_at: string | null;
            /** @description The clock stands still: the clinic was asked for something. */
            readonly paused: boolean;
            readonly escalation: number;
            readonly version: number;
            readonly patient: components["schemas"]["PatientOut"];
            readonly description: string;
            readonly body_part: string;
            readonly series: number;
            readonly instances: number;
            /** @description Why the study was opened for reading. */
            readonly ready_reason: components["schemas"]["ReadyReason"] | null;
            /** @description Objects of the study that were named or announced and have not come. */
            readonly missing: number;
            /** @description Out of how many, where that is known. */
            readonly expected: number | null;
            /** @description It is read although objects are missing, or the waiting was cut short. */
            readonly may_be_incomplete: boolean;
            /** @description More images are arriving now. */
            readonly more_arriving: boolean;
            /** @description The task that the study had before this one. */
            readonly previous_task_id: number | null;
            /** @description How the study contradicts its order: name, sex, birth_date, other_clinic. */
            readonly mismatch: readonly string[];
            /** @description One of two readings that know nothing of each other. */
            readonly independent: boolean;
            /** @description Since when the clinic has a preliminary report. */
            readonly preliminary_at: string | null;
            /** @description Calling AE title of the equipment that sent it. */
            readonly device: string;
            readonly accession_number: string;
            readonly thumbnail: string | null;
            readonly report_id: number | null;
            /** @description What its last version is: preliminary, or withdrawn, say. */
            readonly report_kind: components["schemas"]["ReportKind"] | null;
            /** @description What the caller may do with it now. */
            readonly allowed_actions: readonly components["schemas"]["Action"][];
            readonly sla: components["schemas"]["Standing"];
        };
        /**
         * @description States of a reading task; `reading_queue.transitions` says which step leads where.
         * @enum {string}
         */
        readonly TaskState: "recon_hold" | "queued" | "assigned" | "reading" | "retake_wait" | "info_wait" | "drafted" | "auditing" | "rework" | "consult" | "read" | "signed" | "delivered" | "closed" | "cancelled" | "declined";
        /** @description A new edition; `version` is the edition that was changed. */
        readonly TemplateChange: {
            readonly content: {
                readonly [key: string]: unknown;
            };
            readonly version: number;
        };
        /** @description A template to carry to another county: the body of a POST with `key` and `content`. */
        readonly TemplateFile: {
            /** @constant */
            readonly format: "countyread-template-1";
            readonly key: string;
            readonly version: number;
            readonly content: {
                readonly [key: string]: unknown;
            };
        };
        /** @description A new template. With the `key` of another it takes that one's place for whom it is nearer. */
        readonly TemplateIn: {
            /** @enum {string} */
            readonly level?: "own" | "department" | "county";
            readonly department?: components["schemas"]["Department"] | null;
            readonly key?: string;
            readonly content: {
                readonly [key: string]: unknown;
            };
        };
        /** @description A template in use. Of several with one key the nearest counts: own, department, county, shipped. */
        readonly TemplateOut: {
            readonly id: string;
            readonly key: string;
            readonly level: components["schemas"]["Level"];
            readonly department: string;
            readonly version: number;
            readonly content: {
                readonly [key: string]: unknown;
            };
            /** @description Whether the caller may change it; otherwise he copies it. */
            readonly may_change: boolean;
            readonly changed_at: string | null;
        };
        /** @description Of each of equal parts of the span: the shortest, usual (median) and longest interval in ms; null without any. */
        readonly TendencyOut: {
            readonly start_s: number;
            readonly seconds: number;
            readonly shortest: readonly (number | null)[];
            readonly usual: readonly (number | null)[];
            readonly longest: readonly (number | null)[];
        };
        readonly ThresholdOut: {
            readonly measure: string;
            readonly compare: string;
            readonly value: number;
            readonly unit: string;
        };
        /** @description What stood behind the # of the address. */
        readonly Ticket: {
            readonly ticket: string;
        };
        /** @description That somebody at the clinic was told: by which way, whom, when, and what he read back. */
        readonly ToldIn: {
            readonly method: components["schemas"]["Method"];
            readonly receiver?: string;
            readonly at?: string | null;
            readonly content?: string;
            readonly read_back?: string;
        };
        /** @description Why; with `different` the two are not proposed again. */
        readonly UndoIn: {
            readonly reason: string;
            readonly different?: boolean;
        };
        /** @description A calling AE title that was refused, and a guess whose it is. */
        readonly UnknownCallerOut: {
            readonly id: number;
            readonly ae_title: string;
            readonly address: string;
            readonly called_ae_title: string;
            readonly reason: string;
            readonly first_seen_at: string;
            readonly last_seen_at: string;
            readonly attempts: number;
            readonly sop_classes: readonly string[] | null;
            readonly certificate_sha256: string;
            /** @description There is a device of this title; accepting changes the rule that keeps it out. */
            readonly is_known: boolean;
            /** @description The guess, empty when there is none. */
            readonly institution: string;
            readonly modality: string;
        };
        /** @description How many the caller has not seen, and how many of them are urgent. */
        readonly UnseenOut: {
            readonly unseen: number;
            readonly urgent: number;
        };
        /**
         * @description What became of a file, or of one in an archive.
         *
         *     TAKEN: durable, and on its way into the catalogue. STORED: in the catalogue. ALREADY_THERE: it had been there before.
         *     QUARANTINED: kept aside for a person to look at. REFUSED: not taken, for the reason that is told.
         * @enum {string}
         */
        readonly UploadFate: "taken" | "stored" | "already_there" | "quarantined" | "refused";
        /** @description Whose images will come. */
        readonly UploadIn: {
            /** @description Code of the institution; clinics need not say. */
            readonly institution?: string;
        };
        /** @description An upload as it stands. */
        readonly UploadOut: {
            readonly id: string;
            readonly institution: string;
            readonly opened_at: string;
            readonly completed_at: string | null;
            readonly counts: components["schemas"]["UploadsCountsOut"];
            readonly items: readonly components["schemas"]["EntryOut"][];
            /** @description The `cursor` of the entries after these. */
            readonly next: string | null;
        };
        /**
         * @description QUIET waits in the list; NORMAL shows itself; URGENT stays in view until somebody has said that he has seen it.
         * @enum {string}
         */
        readonly Urgency: "quiet" | "normal" | "urgent";
        /** @description The person behind the session. */
        readonly UserOut: {
            readonly username: string;
            readonly name: string;
            readonly title: string;
            readonly role: components["schemas"]["Role"];
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            /** @description What a reader may take; null means everything. */
            readonly modalities: readonly string[] | null;
            readonly preferences: {
                readonly [key: string]: unknown;
            };
        };
        readonly VersionOut: {
            readonly version: number;
            readonly kind: components["schemas"]["ReportKind"];
            readonly signed_at: string;
            readonly sha256: string;
            /** @description Of a later version: why. */
            readonly reason: string;
        };
        /** @description What opens the study's pictures for a while, as a bearer token; a cookie with it opens GET requests. */
        readonly VisitOut: {
            readonly token: string;
            readonly seconds: number;
            readonly study_instance_uid: string;
            readonly purpose: string;
        };
        /**
         * @description What keeps a study from being read.
         * @enum {string}
         */
        readonly WaitingFor: "images" | "association" | "missing" | "store" | "idle";
        /** @description A link, without its token. */
        readonly WallLine: {
            readonly id: number;
            readonly name: string;
            readonly created_by: string;
            readonly created_at: string;
            readonly expires_at: string;
            readonly revoked_at: string | null;
            readonly last_seen_at: string | null;
            readonly last_seen_address: string;
            readonly live: boolean;
        };
        /** @description The latest first. */
        readonly WallList: {
            readonly items: readonly components["schemas"]["WallLine"][];
        };
        /** @description The county at one moment, without anything of a patient. On a wall the readers' names are masked too. */
        readonly WallOut: {
            readonly at: string;
            /** @description After how long a screen may ask again. */
            readonly seconds: number;
            /** @description Of due time, the worst first: breached, late, minutes, later, paused. */
            readonly steps: readonly string[];
            readonly classes: readonly components["schemas"]["ClassLine"][];
            readonly backlog: readonly components["schemas"]["BacklogLine"][];
            readonly readers: readonly components["schemas"]["ReaderLine"][];
            readonly breaches: readonly components["schemas"]["BreachLine"][];
            /** @description Where the time of the breaches went. */
            readonly lost: components["schemas"]["LostOut"];
            readonly silent_hours: number;
            readonly silent: readonly components["schemas"]["SilentOut"][];
            readonly critical: readonly components["schemas"]["CriticalClockOut"][];
        };
        /** @description A system to tell. Without a secret it is given one. */
        readonly WebhookIn: {
            readonly name: string;
            readonly url: string;
            readonly secret?: string;
            /** @description Patterns such as "critical.*"; null for every kind. */
            readonly kinds?: readonly string[] | null;
            /** @description Only notices for people of this institution. */
            readonly institution?: string | null;
        };
        /** @description A system that is told. */
        readonly WebhookOut: {
            readonly id: number;
            readonly name: string;
            readonly url: string;
            readonly kinds: readonly string[] | null;
            readonly institution: string | null;
            readonly active: boolean;
            readonly last_seq: number;
            readonly created_at: string;
        };
        /** @description What is not given stays. */
        readonly WebhookPatch: {
            readonly url?: string | null;
            readonly secret?: string | null;
            readonly kinds?: readonly string[] | null;
            readonly active?: boolean | null;
        };
        /**
         * @description Why a case is in the numerator, or is not. The words of critical values are those of their own indicators.
         * @enum {string}
         */
        readonly Why: "done" | "late" | "unknown_start" | "one_sided" | "not_told" | "graded" | "returned" | "given_up" | "fine" | "faults" | "no_category";
        /** @description Width and centre in the units of the modality. */
        readonly Window: {
            readonly width: number;
            readonly center: number;
        };
        /** @description Where the caller is reached, and what he wants. What is urgent comes all the same. */
        readonly WishesIn: {
            readonly email?: string;
            readonly mobile?: string;
            readonly off?: readonly components["schemas"]["Channel"][];
            /** @description Kinds that are not wanted outside the application; patterns such as "study.*". */
            readonly muted?: readonly string[];
            readonly quiet_hours?: components["schemas"]["QuietHoursIn"] | null;
        };
        /** @description What is kept, and which channels this installation has at all. */
        readonly WishesOut: {
            readonly email: string;
            readonly mobile: string;
            readonly off: readonly components["schemas"]["Channel"][];
            readonly muted: readonly string[];
            readonly quiet_hours: components["schemas"]["QuietHoursIn"] | null;
            readonly channels: readonly components["schemas"]["Channel"][];
        };
        /**
         * @description What a word between reader and clinic is.
         * @enum {string}
         */
        readonly WordKind: "ask" | "answer" | "return" | "retaken";
        /** @description An indicator in one language. */
        readonly WordsOut: {
            readonly name: string;
            readonly numerator: string;
            readonly denominator: string;
            readonly source: string;
        };
        /**
         * @description Why a case is in the numerator, or is not.
         * @enum {string}
         */
        readonly CriticalOutcome: "done" | "one_sided" | "late" | "not_told";
        /**
         * @description Why a line is there.
         * @enum {string}
         */
        readonly SettlementLineKind: "reading" | "duplicate" | "amendment" | "withdrawal" | "unreadable" | "correction";
        /**
         * @description What became of an object of a parcel.
         *
         *     DURABLE: it is in the server's spool and survives a power cut there. DAMAGED: what arrived is not what the station
         *     holds; send it anew. UNKNOWN_DEVICE: nobody at this institution is known by its calling AE title; keep it.
         * @enum {string}
         */
        readonly EdgeOutcome: "durable" | "damaged" | "unknown_device";
        /** @description To choose from. */
        readonly AdminInstitutionOut: {
            readonly code: string;
            readonly name: string;
            readonly name_en: string;
        };
        /** @description One thing that must work. */
        readonly AdminCheckOut: {
            readonly name: string;
            /** @enum {string} */
            readonly status: "ok" | "degraded" | "down";
            readonly detail: string;
            readonly since: string | null;
        };
        /** @description What waits, and what is stuck. */
        readonly AdminCountsOut: {
            readonly receiving: number;
            readonly waiting_upload: number;
            readonly quarantine: number;
            readonly unknown_callers: number;
            readonly renditions_pending: number;
            readonly renditions_failed: number;
            readonly open_tasks: number;
            readonly overdue_tasks: number;
            /** @description Requests for storage commitment of more than 15 minutes ago that could not be answered. */
            readonly commitments_waiting: number;
            /** @description Messages that could not be delivered. */
            readonly deliveries_given_up: number;
            /** @description Tasks of the workers that failed for good. */
            readonly dead_letters: number;
        };
        /** @description A critical value as a line. */
        readonly CriticalCaseOut: {
            readonly id: number;
            readonly study_instance_uid: string;
            readonly task_id: number | null;
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            readonly clinic_phone: string;
            readonly patient: components["schemas"]["PatientOut"];
            readonly modality: string;
            readonly description: string;
            readonly priority: components["schemas"]["Priority"];
            readonly code: string;
            readonly name: string;
            readonly name_en: string;
            readonly finding: string;
            readonly source: components["schemas"]["CaseSource"];
            readonly source_detail: string;
            readonly state: components["schemas"]["CaseState"];
            readonly version: number;
            readonly basis: components["schemas"]["Basis"];
            readonly suspected_at: string;
            readonly confirmed_at: string | null;
            readonly confirmed_by_name: string | null;
            readonly notified_at: string | null;
            readonly acked_at: string | null;
            readonly treated_at: string | null;
            readonly ended_at: string | null;
            readonly state_since: string;
            /** @description When the present state ought to be left; null when the case has ended. */
            readonly due_at: string | null;
            readonly overdue: boolean;
            /** @description How many steps of the ladder have been taken in this state. */
            readonly steps_told: number;
            readonly notifier: string;
            readonly receiver: string;
            /** @description How the clinic was told last; empty before. */
            readonly method: components["schemas"]["Method"] | "";
            /** @description When the clinic itself wrote down that it knows. */
            readonly heard_at: string | null;
            readonly allowed_actions: readonly ("confirm" | "notify" | "acknowledge" | "feed_back" | "close" | "false_alarm")[];
        };
        readonly CriticalCloseIn: {
            readonly note?: string;
        };
        /** @description One finding of a list, with how its Chinese name sounds. */
        readonly CriticalFindingOut: {
            readonly code: string;
            readonly name: string;
            readonly name_en: string;
            readonly pinyin: string;
            readonly initials: string;
            readonly source: string;
            readonly thresholds: readonly components["schemas"]["ThresholdOut"][];
        };
        /** @description A national indicator: the county, each month and each clinic that has something to count. */
        readonly CriticalIndicatorOut: {
            readonly indicator: components["schemas"]["Indicator"];
            readonly county: components["schemas"]["RateOut"];
            readonly clinics: readonly components["schemas"]["RateOut"][];
            readonly months: readonly components["schemas"]["MonthRateOut"][];
        };
        /** @description One version of the marks that a task's readers kept. `values` is null where they went back to what was measured. */
        readonly EcgPhysicianOut: {
            readonly task_id: number;
            /** @description Counts from 1 within the task and the recording. */
            readonly version: number;
            readonly by: string;
            readonly by_name: string;
            readonly at: string;
            /** @description Null also where they lie on a median beat that has been measured anew since. */
            readonly marks: components["schemas"]["MarksOut"] | null;
            readonly values: components["schemas"]["GlobalOut"] | null;
        };
        /** @description How the station is, and what it has to tell. */
        readonly EdgeReportIn: {
            readonly version: string;
            readonly backlog: components["schemas"]["BacklogIn"];
            readonly callers?: readonly components["schemas"]["StationCallerIn"][];
            readonly announcements?: readonly components["schemas"]["AnnouncementIn"][];
            readonly finished?: readonly components["schemas"]["AssociationIn"][];
        };
        /** @description What the station needs to know. */
        readonly EdgeReportOut: {
            readonly station: string;
            readonly institution: string;
            /** @description Calling AE titles of the institution's equipment; objects of others are kept at the station. */
            readonly titles: readonly string[];
            /** @description Announced, and not believed, because their device is not known. */
            readonly refused_associations: readonly string[];
        };
        /** @description A green-channel case. `missing` are the moments that nobody has told yet. */
        readonly GreenChannelCaseOut: {
            readonly id: number;
            readonly kind: components["schemas"]["Kind"];
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            readonly patient: components["schemas"]["PatientOut"];
            readonly opened_at: string;
            readonly opened_by: string;
            readonly reason: string;
            readonly closed_at: string | null;
            readonly closed_by: string;
            readonly close_reason: string;
            readonly milestones: readonly components["schemas"]["MilestoneOut"][];
            readonly missing: readonly components["schemas"]["Milestone"][];
            /** @description The reading tasks that belong to it. */
            readonly tasks: readonly number[];
            /** @description The same tasks, with what is read and how long there is for it. */
            readonly studies: readonly components["schemas"]["CaseTaskOut"][];
        };
        readonly GreenChannelCloseIn: {
            readonly reason: string;
        };
        readonly HooksReplayIn: {
            /** @description The last number that need not be sent again. */
            readonly after: number;
        };
        readonly KeyImagesMarkOut: {
            readonly id: number;
            readonly sop_instance_uid: string;
            readonly frame: number;
            readonly note: string;
            readonly marked_at: string;
            readonly picture: string;
        };
        readonly MeasurementsFigureOut: {
            readonly name: string;
            readonly value: number;
            /** @description Empty for pixel values without a unit. */
            readonly unit: string;
        };
        /**
         * @description A note, or which step of the reading said it.
         * @enum {string}
         */
        readonly NotesLineKind: "note" | "ask" | "answer" | "return" | "retaken";
        /** @description A note, or what a step of the reading said. */
        readonly NotesLineOut: {
            readonly kind: components["schemas"]["NotesLineKind"];
            /** @description Of a note; null for what is none. */
            readonly id: number | null;
            readonly at: string;
            readonly name: string;
            /** @description Of the speaker; null for the system. */
            readonly side: components["schemas"]["InstitutionKind"] | null;
            readonly mine: boolean;
            readonly text: string;
            /** @description Of a retake: its reason. */
            readonly code: string;
            readonly seen_by: readonly components["schemas"]["SeenOut"][];
        };
        /** @description How many are sent again. */
        readonly NoticesCountOut: {
            readonly count: number;
        };
        /** @description Everything with a number above this one is sent again. */
        readonly NoticesReplayIn: {
            readonly after: number;
        };
        /** @description The order as it is thought of. */
        readonly OrdersCheckIn: {
            readonly institution?: string;
            readonly patient: components["schemas"]["OrderPatientIn"];
            readonly modality: string;
            readonly body_part?: string;
        };
        readonly OrdersCheckOut: {
            /** @description The clinic's own orders and studies of the same patient, of the last days, by the same kind of equipment. */
            readonly duplicates: components["schemas"]["CandidatesOut"];
            readonly recognisable: readonly components["schemas"]["EarlierOut"][];
            /** @description The order is placed with `repeat` only, or not at all. */
            readonly must_choose: boolean;
            readonly share_reports: boolean;
        };
        /** @description What was decided. `report` is where the report of a recognised examination can be read, null where it cannot. */
        readonly OrdersChoiceOut: {
            readonly id: number;
            readonly decision: string;
            readonly exam: string;
            readonly at: string;
            readonly report: string | null;
        };
        readonly OrdersReasonOut: {
            readonly code: string;
            readonly zh: string;
            readonly en: string;
            readonly free_text: boolean;
        };
        /** @description Everybody who is one person, what they have, and who may be the same person too. */
        readonly PersonsPersonOut: {
            readonly person: number;
            readonly rows: readonly components["schemas"]["PatientRowOut"][];
            readonly studies: readonly components["schemas"]["PersonStudyOut"][];
            readonly merges: readonly components["schemas"]["MergeOut"][];
            readonly candidates: readonly components["schemas"]["PairOut"][];
        };
        /** @description A report on the exam of a task, or on the exam that is described. */
        readonly QualityCheckIn: {
            readonly report: components["schemas"]["CheckedText"];
            readonly task_id?: number | null;
            readonly exam?: components["schemas"]["ExamIn"] | null;
        };
        readonly QualityCheckOut: {
            readonly faults: readonly components["schemas"]["FaultOut"][];
            readonly blocks: boolean;
        };
        /** @description One line. By reason there are no exams and no grades; rates are shares, null where nothing was counted. */
        readonly QualityFigureOut: {
            readonly key: string;
            readonly label: string;
            readonly label_en: string;
            readonly exams: number;
            readonly graded: number;
            readonly grade_a: number;
            readonly grade_b: number;
            readonly grade_c: number;
            readonly grade_reject: number;
            readonly grade_a_rate: number | null;
            readonly retakes: number;
            readonly redone: number;
            readonly waived: number;
            readonly expired: number;
            readonly retake_rate: number | null;
            readonly flawed: number;
        };
        /** @description A national indicator: numerator by denominator in percent, and what the county holds itself to. */
        readonly QualityIndicatorOut: {
            readonly code: string;
            readonly numerator: number;
            readonly denominator: number;
            readonly percent: number | null;
            readonly target: number;
            readonly at_most: boolean;
        };
        /** @description The image that is meant; `region` is left, top, right, bottom in shares of it, of an arrow from its end to its tip. */
        readonly QualityMarkOut: {
            readonly series_instance_uid: string | null;
            readonly sop_instance_uid: string | null;
            readonly frame: number | null;
            readonly region: readonly [
                number,
                number,
                number,
                number
            ] | null;
            /** @enum {string} */
            readonly shape: "rectangle" | "arrow";
        };
        /** @description A reason why images are not as they should be. */
        readonly QualityReasonOut: {
            readonly code: string;
            readonly zh: string;
            readonly en: string;
            /** @description Empty: for all. */
            readonly modalities: readonly string[];
            readonly artefact: boolean;
        };
        readonly ReadingsAnswerIn: {
            readonly text: string;
        };
        /** @description What the reader writes. */
        readonly ReadingsReportIn: {
            readonly findings: string;
            readonly impression: string;
            readonly positive?: boolean | null;
            /** @description The critical value in words; empty or null when there is none. */
            readonly critical?: string | null;
            /** @description The template that the words were made from, with its values; null for words without one. */
            readonly structure?: components["schemas"]["StructureIn"] | null;
        };
        readonly ResultsInstitutionOut: {
            readonly code: string;
            readonly name: string;
            readonly name_en: string;
        };
        /** @description As he was called when he signed. */
        readonly ResultsPhysicianOut: {
            readonly username: string;
            readonly name: string;
            readonly title: string;
        };
        /** @description One version of a report. All versions are kept, and none ever changes. */
        readonly ResultsReportOut: {
            readonly id: number;
            readonly version: number;
            readonly kind: components["schemas"]["ReportKind"];
            readonly reason: string;
            readonly versions: readonly components["schemas"]["VersionOut"][];
            readonly task_id: number;
            readonly study_instance_uid: string;
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            /** @description Who issued it. */
            readonly centre: components["schemas"]["ResultsInstitutionOut"];
            readonly findings: string;
            readonly impression: string;
            readonly positive: boolean | null;
            readonly critical: string;
            /** @description The template that the words were made from, its edition and its values; null for versions without one. */
            readonly structure: components["schemas"]["SealedStructureOut"] | null;
            readonly author: components["schemas"]["ResultsPhysicianOut"];
            readonly signer: components["schemas"]["ResultsPhysicianOut"];
            readonly signed_at: string;
            /** @description Over the canonical JSON of everything that the version says. */
            readonly sha256: string;
            readonly patient: components["schemas"]["PatientOut"];
            readonly modality: string;
            readonly description: string;
            readonly body_part: string;
            readonly accession_number: string;
            readonly exam_started_at: string | null;
            /** @description Of a preliminary report: that the final one counts. */
            readonly notice: string;
            /** @description Whose opinion was heard. */
            readonly consultations: readonly components["schemas"]["OpinionOut"][];
            /** @description What a final report says otherwise than the preliminary one before it. */
            readonly preliminary: components["schemas"]["PreliminaryOut"] | null;
            readonly key_images: readonly components["schemas"]["KeyImageOut"][];
        };
        /** @description How many shifts were put on the roster, and taken off it. */
        readonly RostersCountOut: {
            readonly put: number;
            readonly dropped: number;
        };
        /** @description A shift that does not hold; one that overlaps names the `other`. */
        readonly RostersFindingOut: {
            readonly fault: components["schemas"]["Fault"];
            readonly shift: number;
            readonly user: string;
            /** Format: date */
            readonly day: string;
            readonly other: number | null;
        };
        /** @description A reader, as a line of the roster. `mine` is whoever asks. */
        readonly RostersPersonOut: {
            readonly username: string;
            readonly name: string;
            readonly title: string;
            readonly role: components["schemas"]["Role"];
            /** @description What his licences or his list let him read today; null for everything. */
            readonly modalities: readonly string[] | null;
            readonly mine: boolean;
        };
        readonly viewer_api__schemas__Page_CaseOut___1: {
            readonly items: readonly components["schemas"]["CriticalCaseOut"][];
            readonly next: string | null;
        };
        readonly viewer_api__schemas__Page_CaseOut___2: {
            readonly items: readonly components["schemas"]["GreenChannelCaseOut"][];
            readonly next: string | null;
        };
        /** @description What the centre says; the amounts where it grants. */
        readonly SettlementAnswerIn: {
            readonly granted: boolean;
            readonly words?: string;
            readonly fee?: number;
            readonly read_pay?: number;
            readonly audit_pay?: number;
        };
        readonly SettlementCloseIn: {
            readonly month: string;
        };
        /** @description A line of a month. `id` is null while the month is open. What readers earn is not told to clinics. */
        readonly SettlementLineOut: {
            readonly id: number | null;
            readonly kind: components["schemas"]["SettlementLineKind"];
            readonly at: string;
            readonly institution: string;
            readonly institution_name: string;
            readonly institution_name_en: string;
            readonly task_id: number;
            readonly version: number;
            readonly modality: string;
            readonly priority: components["schemas"]["Priority"];
            readonly item: string;
            readonly item_name: string;
            readonly item_name_en: string;
            readonly edition: number;
            readonly reader_name: string;
            readonly signer_name: string;
            readonly fee: number;
            readonly read_pay: number | null;
            readonly audit_pay: number | null;
            readonly corrects_id: number | null;
            readonly words: string;
            /**
             * @description Of this line: open, granted or refused; empty when nobody objected.
             * @enum {string}
             */
            readonly dispute: "" | "open" | "granted" | "refused";
        };
        /** @description A month: closed once and for all, or as it stands now. */
        readonly SettlementStatementOut: {
            readonly month: string;
            /** @description Those that there is something to see of, the latest first. */
            readonly months: readonly string[];
            readonly closed_at: string | null;
            readonly closed_by: string;
            readonly sha256: string;
            /** @description Whether the closed lines are those that it was closed with; null while it is open, and for a clinic. */
            readonly intact: boolean | null;
            readonly closes_from: string;
            readonly disputes_until: string | null;
            readonly may_close: boolean;
            readonly fee: number;
            readonly clinics: readonly components["schemas"]["PlaceLine"][];
            readonly items: readonly components["schemas"]["ItemLine"][];
            /** @description Empty for a clinic. */
            readonly readers: readonly components["schemas"]["EarnedLine"][];
        };
        /** @description What the reader wants of the clinic: `return` asks for new images, `ask` for an answer. */
        readonly StudiesRequestOut: {
            /** @enum {string} */
            readonly kind: "ask" | "return";
            readonly text: string;
            readonly code: string;
            readonly series_instance_uid: string | null;
            /** @description The image and the place in it that are meant. */
            readonly marked: components["schemas"]["QualityMarkOut"] | null;
            readonly by: string;
            readonly at: string;
        };
        /** @description A coded statement of an ECG report; nameless where a county's own template made up the code. */
        readonly TemplatesStatementOut: {
            readonly code: string;
            readonly zh: string;
            readonly en: string;
            readonly aha: number | null;
        };
        /** @description Files by what became of them. */
        readonly UploadsCountsOut: {
            readonly taken: number;
            readonly stored: number;
            readonly already_there: number;
            readonly quarantined: number;
            readonly refused: number;
        };
        /** @description Why the last to take the case was given it, in sentences, the most important first. */
        readonly WorklistChoiceOut: {
            readonly at: string;
            readonly reader: string;
            readonly zh: readonly string[];
            readonly en: readonly string[];
            /** @description Codes and figures that the sentences are made of. */
            readonly figures: {
                readonly [key: string]: unknown;
            };
        };
        /** @description Why the examination was asked for, as its order says. */
        readonly WorklistRequestOut: {
            readonly procedure: string;
            readonly clinical_information: string;
            readonly diagnosis: string;
            readonly referring_doctor: string;
            readonly referring_department: string;
        };
        readonly Routes: {
            readonly "DELETE /api/v1/account/sessions": Record<string, never>;
            readonly "DELETE /api/v1/account/sessions/{session_id}": Record<string, never>;
            readonly "DELETE /api/v1/hanging/own": {
                readonly answer: components["schemas"]["HangingOut"];
            };
            readonly "DELETE /api/v1/phrases/{phrase_id}": Record<string, never>;
            readonly "DELETE /api/v1/result-hooks/{hook_id}": Record<string, never>;
            readonly "DELETE /api/v1/result-hooks/{hook_id}/keys/old": {
                readonly answer: components["schemas"]["HookOut"];
            };
            readonly "DELETE /api/v1/roster/absences/{absence_id}": Record<string, never>;
            readonly "DELETE /api/v1/roster/shifts/{shift_id}": Record<string, never>;
            readonly "DELETE /api/v1/session": Record<string, never>;
            readonly "DELETE /api/v1/studies/{study_instance_uid}/measurements/{measurement_id}": {
                readonly query: {
                    /** @description The one that the client knows. */
                    readonly version: number;
                };
            };
            readonly "DELETE /api/v1/tasks/{task_id}/key-images/{key_image_id}": {
                readonly answer: components["schemas"]["MarkList"];
            };
            readonly "DELETE /api/v1/templates/{template_id}": Record<string, never>;
            readonly "GET /api/v1/account": {
                readonly answer: components["schemas"]["AccountOut"];
            };
            readonly "GET /api/v1/account/sessions": {
                readonly answer: components["schemas"]["OpenSessions"];
            };
            readonly "GET /api/v1/admin/api-keys": {
                readonly answer: components["schemas"]["KeyList"];
            };
            readonly "GET /api/v1/admin/contacts": {
                readonly answer: components["schemas"]["Page_ContactOut_"];
            };
            readonly "GET /api/v1/admin/devices": {
                readonly answer: components["schemas"]["DevicePage"];
            };
            readonly "GET /api/v1/admin/hl7-destinations": {
                readonly answer: components["schemas"]["Page_DestinationOut_"];
            };
            readonly "GET /api/v1/admin/institutions": {
                readonly answer: components["schemas"]["InstitutionList"];
            };
            readonly "GET /api/v1/admin/users": {
                readonly answer: components["schemas"]["AccountList"];
            };
            readonly "GET /api/v1/admin/users/{username}/sessions": {
                readonly answer: components["schemas"]["OpenSessions"];
            };
            readonly "GET /api/v1/admin/walls": {
                readonly answer: components["schemas"]["WallList"];
            };
            readonly "GET /api/v1/audit/export": {
                readonly query: {
                    /** @description A user name, or an actor as the trail has it: `user:17`, `key:3fa85f64`, `share:5`. */
                    readonly who?: string;
                    readonly action?: string;
                    readonly subject?: string;
                    readonly study?: string;
                    /** @enum {string} */
                    readonly outcome?: "" | "done" | "refused";
                    readonly since?: string | null;
                    readonly until?: string | null;
                    /** @enum {string} */
                    readonly format?: "jsonl" | "csv";
                };
            };
            readonly "GET /api/v1/audit/state": {
                readonly answer: components["schemas"]["AuditState"];
            };
            readonly "GET /api/v1/board": {
                readonly answer: components["schemas"]["BoardOut"];
                readonly query: {
                    readonly limit?: number;
                };
            };
            readonly "GET /api/v1/clinic-figures": {
                readonly answer: components["schemas"]["ClinicFigures"];
                readonly query: {
                    readonly months?: number;
                    readonly institution?: string;
                };
            };
            readonly "GET /api/v1/consultations": {
                readonly answer: components["schemas"]["AskedPage"];
                readonly query: {
                    /** @description False lists what has ended too. */
                    readonly open?: boolean;
                    readonly limit?: number;
                };
            };
            readonly "GET /api/v1/consultations/{consultation_id}": {
                readonly answer: components["schemas"]["AskedDetail"];
            };
            readonly "GET /api/v1/critical-cases": {
                readonly answer: components["schemas"]["viewer_api__schemas__Page_CaseOut___1"];
                readonly query: {
                    readonly state?: readonly components["schemas"]["CaseState"][];
                    /** @description True lists those that have not ended, by the time that is left; false those that have. */
                    readonly open?: boolean | null;
                    readonly overdue?: boolean | null;
                    readonly institution?: string;
                    /** @description Study Instance UID. */
                    readonly study?: string;
                    readonly limit?: number;
                    readonly cursor?: string | null;
                };
            };
            readonly "GET /api/v1/critical-cases/{critical_id}": {
                readonly answer: components["schemas"]["CaseDetail"];
            };
            readonly "GET /api/v1/critical-indicators": {
                readonly answer: components["schemas"]["Indicators"];
                readonly query: {
                    /** Format: date-time */
                    readonly since: string;
                    /** Format: date-time */
                    readonly until: string;
                };
            };
            readonly "GET /api/v1/critical-indicators/cases": {
                readonly answer: components["schemas"]["Page_CountedOut_"];
                readonly query: {
                    /** Format: date-time */
                    readonly since: string;
                    /** Format: date-time */
                    readonly until: string;
                    readonly indicator: components["schemas"]["Indicator"];
                    readonly institution?: string;
                };
            };
            readonly "GET /api/v1/critical-lists": {
                readonly answer: components["schemas"]["FindingLists"];
                readonly query: {
                    readonly modality?: string;
                };
            };
            readonly "GET /api/v1/dead-letters": {
                readonly answer: components["schemas"]["Page_LetterOut_"];
                readonly query: {
                    readonly all?: boolean;
                    readonly limit?: number;
                    readonly cursor?: number | null;
                };
            };
            readonly "GET /api/v1/deliveries": {
                readonly answer: components["schemas"]["Page_DeliveryOut_"];
                readonly query: {
                    readonly state?: readonly components["schemas"]["DeliveryState"][];
                    readonly channel?: components["schemas"]["Channel"] | null;
                    readonly limit?: number;
                    readonly cursor?: number | null;
                };
            };
            readonly "GET /api/v1/devices": {
                readonly answer: components["schemas"]["DevicePage"];
            };
            readonly "GET /api/v1/ecg-statements": {
                readonly answer: components["schemas"]["EcgStatements"];
                readonly query: {
                    /** @description Code, AHA number, pinyin, initials or words. */
                    readonly q?: string;
                    readonly limit?: number;
                };
            };
            readonly "GET /api/v1/edge/parcels/{parcel_id}": {
                readonly answer: components["schemas"]["ParcelOut"];
            };
            readonly "GET /api/v1/edge/stations": {
                readonly answer: components["schemas"]["Page_StationOut_"];
            };
            readonly "GET /api/v1/emergencies": {
                readonly answer: components["schemas"]["EmergencyList"];
                readonly query: {
                    readonly waiting?: boolean;
                };
            };
            readonly "GET /api/v1/events": Record<string, never>;
            readonly "GET /api/v1/green-channel": {
                readonly answer: components["schemas"]["viewer_api__schemas__Page_CaseOut___2"];
                readonly query: {
                    readonly open?: boolean;
                };
            };
            readonly "GET /api/v1/green-channel/{case_id}": {
                readonly answer: components["schemas"]["GreenChannelCaseOut"];
            };
            readonly "GET /api/v1/hanging": {
                readonly answer: components["schemas"]["HangingOut"];
            };
            readonly "GET /api/v1/health": {
                readonly answer: components["schemas"]["HealthOut"];
            };
            readonly "GET /api/v1/national-indicators": {
                readonly answer: components["schemas"]["NationalList"];
                readonly query: {
                    readonly begin?: string | null;
                    readonly end?: string | null;
                    readonly institution?: string;
                    readonly modality?: string;
                };
            };
            readonly "GET /api/v1/national-indicators/sheet.csv": {
                readonly query: {
                    readonly begin?: string | null;
                    readonly end?: string | null;
                    readonly institution?: string;
                    readonly modality?: string;
                    readonly english?: boolean;
                };
            };
            readonly "GET /api/v1/notices": {
                readonly answer: components["schemas"]["NoticePage"];
                readonly query: {
                    readonly unseen?: boolean;
                    readonly limit?: number;
                    readonly cursor?: number | null;
                };
            };
            readonly "GET /api/v1/notices/preferences": {
                readonly answer: components["schemas"]["WishesOut"];
            };
            readonly "GET /api/v1/orders": {
                readonly answer: components["schemas"]["Page_OrderOut_"];
                readonly query: {
                    /** @description Repeat for several. */
                    readonly state?: readonly components["schemas"]["OrderState"][];
                    readonly modality?: string;
                    /** @description Code of the clinic. */
                    readonly institution?: string;
                    /** @description Parts of a name, an ID, an accession number or the placer's number. */
                    readonly q?: string;
                    readonly accession_number?: string;
                    /** @description Study Instance UID. */
                    readonly study?: string;
                    readonly scheduled_from?: string | null;
                    readonly scheduled_before?: string | null;
                    readonly limit?: number;
                    readonly cursor?: number | null;
                };
            };
            readonly "GET /api/v1/orders/candidates": {
                readonly answer: components["schemas"]["CandidatesOut"];
                readonly query: {
                    readonly institution?: string;
                    readonly patient_id: string;
                    readonly modality: string;
                    readonly name?: string;
                    readonly birth_date?: string;
                    readonly id_card_number?: string;
                    readonly days?: number;
                };
            };
            readonly "GET /api/v1/orders/recognitions/{recognition_id}/report": {
                readonly query: {
                    /** @enum {string} */
                    readonly lang?: "zh" | "en";
                };
            };
            readonly "GET /api/v1/orders/rules": {
                readonly answer: components["schemas"]["OrderRulesOut"];
            };
            readonly "GET /api/v1/orders/{order_id}": {
                readonly answer: components["schemas"]["OrderOut"];
            };
            readonly "GET /api/v1/patients": {
                readonly answer: components["schemas"]["Page_PatientRowOut_"];
                readonly query: {
                    /** @description The beginning of a name, of its pinyin or initials, or a whole patient or ID-card number; empty for the newest. */
                    readonly q?: string;
                    readonly limit?: number;
                    readonly cursor?: number | null;
                };
            };
            readonly "GET /api/v1/patients/candidates": {
                readonly answer: components["schemas"]["Page_PairOut_"];
                readonly query: {
                    readonly limit?: number;
                    readonly cursor?: string;
                };
            };
            readonly "GET /api/v1/patients/{patient_id}": {
                readonly answer: components["schemas"]["PersonsPersonOut"];
            };
            readonly "GET /api/v1/peer-reviews": {
                readonly answer: components["schemas"]["ReviewsOut"];
            };
            readonly "GET /api/v1/peer-reviews/figures": {
                readonly answer: components["schemas"]["SecondLooksOut"];
                readonly query: {
                    readonly by?: components["schemas"]["Dimension"];
                    readonly from?: string | null;
                    readonly to?: string | null;
                    readonly institution?: string;
                    readonly modality?: string;
                };
            };
            readonly "GET /api/v1/phrases": {
                readonly answer: components["schemas"]["Page_PhraseOut_"];
                readonly query: {
                    readonly q?: string;
                    readonly task?: number | null;
                    readonly section?: components["schemas"]["PhraseSection"] | "";
                    readonly limit?: number;
                };
            };
            readonly "GET /api/v1/preferences": {
                readonly answer: components["schemas"]["Page_PreferenceOut_"];
            };
            readonly "GET /api/v1/qualifications": {
                readonly answer: components["schemas"]["LicencesOut"];
            };
            readonly "GET /api/v1/quality/figures": {
                readonly answer: components["schemas"]["FiguresOut"];
                readonly query: {
                    readonly by?: components["schemas"]["Dimension"];
                    readonly from?: string | null;
                    readonly to?: string | null;
                    readonly institution?: string;
                    readonly modality?: string;
                };
            };
            readonly "GET /api/v1/quality/figures.csv": {
                readonly query: {
                    readonly by?: components["schemas"]["Dimension"];
                    readonly from?: string | null;
                    readonly to?: string | null;
                    readonly institution?: string;
                    readonly modality?: string;
                    readonly english?: boolean;
                };
            };
            readonly "GET /api/v1/quality/rules": {
                readonly answer: components["schemas"]["QualityRulesOut"];
            };
            readonly "GET /api/v1/quarantine": {
                readonly answer: components["schemas"]["Page_QuarantineOut_"];
                readonly query: {
                    readonly reason?: components["schemas"]["QuarantineReason"] | null;
                    readonly study_instance_uid?: string;
                    readonly ae_title?: string;
                    /** @description Also what has been decided on. */
                    readonly resolved?: boolean;
                    readonly limit?: number;
                    readonly cursor?: number | null;
                };
            };
            readonly "GET /api/v1/quarantine/{quarantine_id}": {
                readonly answer: components["schemas"]["QuarantineDetail"];
            };
            readonly "GET /api/v1/quarantine/{quarantine_id}/object": Record<string, never>;
            readonly "GET /api/v1/recognition-figures": {
                readonly answer: components["schemas"]["RecognitionFigures"];
                readonly query: {
                    /** Format: date */
                    readonly first: string;
                    /** Format: date */
                    readonly last: string;
                    readonly institution?: string;
                };
            };
            readonly "GET /api/v1/referrals": {
                readonly answer: components["schemas"]["Page_ReferralOut_"];
                readonly query: {
                    readonly running?: boolean;
                };
            };
            readonly "GET /api/v1/referrals/{referral_id}": {
                readonly answer: components["schemas"]["ReferralOut"];
            };
            readonly "GET /api/v1/reports/{report_id}": {
                readonly answer: components["schemas"]["ResultsReportOut"];
                readonly query: {
                    /** @description The last one when not given. */
                    readonly version?: number | null;
                };
            };
            readonly "GET /api/v1/reports/{report_id}/key-images": {
                readonly answer: components["schemas"]["KeyImageList"];
                readonly query: {
                    /** @description The last one when not given. */
                    readonly version?: number | null;
                };
            };
            readonly "GET /api/v1/reports/{report_id}/key-images/{number}": {
                readonly query: {
                    /** @description The last one when not given. */
                    readonly version?: number | null;
                    /** @description Of the longer side, at most. */
                    readonly size?: number;
                };
            };
            readonly "GET /api/v1/reports/{report_id}/pdf": {
                readonly query: {
                    /** @description The last one when not given. */
                    readonly version?: number | null;
                    /**
                     * @description Of the printed labels.
                     * @enum {string}
                     */
                    readonly lang?: "zh" | "en";
                    /** @description With the key images on pages after the text. */
                    readonly pictures?: boolean;
                };
            };
            readonly "GET /api/v1/reports/{report_id}/sr": {
                readonly query: {
                    /** @description The last one when not given. */
                    readonly version?: number | null;
                };
            };
            readonly "GET /api/v1/resend-requests": {
                readonly answer: components["schemas"]["Page_ResendOut_"];
            };
            readonly "GET /api/v1/result-hooks": {
                readonly answer: components["schemas"]["HookList"];
            };
            readonly "GET /api/v1/result-hooks/{hook_id}/attempts": {
                readonly answer: components["schemas"]["AttemptPage"];
                readonly query: {
                    readonly limit?: number;
                    readonly cursor?: number | null;
                };
            };
            readonly "GET /api/v1/results": {
                readonly answer: components["schemas"]["ResultPage"];
                readonly query: {
                    /** @description The last number that the clinic knows. */
                    readonly after?: number;
                    /** @description Seconds to wait for something new. */
                    readonly wait?: number;
                    readonly limit?: number;
                    /** @description For the centre: whose results. */
                    readonly institution?: string;
                };
            };
            readonly "GET /api/v1/results/figures": {
                readonly answer: components["schemas"]["ResultCountPage"];
                readonly query: {
                    /** Format: date */
                    readonly first: string;
                    /** Format: date */
                    readonly last: string;
                    readonly institution?: string;
                };
            };
            readonly "GET /api/v1/results/figures.csv": {
                readonly query: {
                    /** Format: date */
                    readonly first: string;
                    /** Format: date */
                    readonly last: string;
                    readonly institution?: string;
                    /** @enum {string} */
                    readonly lang?: "zh" | "en";
                    /** @description A byte order mark in front, which makes Excel read it as UTF-8. */
                    readonly bom?: boolean;
                };
            };
            readonly "GET /api/v1/results/list.csv": {
                readonly query: {
                    /** Format: date */
                    readonly first: string;
                    /** Format: date */
                    readonly last: string;
                    readonly institution?: string;
                    /** @enum {string} */
                    readonly lang?: "zh" | "en";
                    /** @description A byte order mark in front, which makes Excel read it as UTF-8. */
                    readonly bom?: boolean;
                };
            };
            readonly "GET /api/v1/results/outstanding": {
                readonly answer: components["schemas"]["OutstandingPage"];
                readonly query: {
                    /** @description For the centre: of one clinic alone. */
                    readonly institution?: string;
                    readonly limit?: number;
                };
            };
            readonly "GET /api/v1/retakes": {
                readonly answer: components["schemas"]["Page_RetakeOut_"];
                readonly query: {
                    readonly open?: boolean;
                    readonly study?: string;
                    readonly limit?: number;
                    readonly cursor?: number | null;
                };
            };
            readonly "GET /api/v1/roster": {
                readonly answer: components["schemas"]["RosterOut"];
                readonly query: {
                    readonly week?: string | null;
                };
            };
            readonly "GET /api/v1/roster/coverage": {
                readonly answer: components["schemas"]["CoverageOut"];
                readonly query: {
                    readonly first?: string | null;
                    readonly days?: number;
                };
            };
            readonly "GET /api/v1/roster/duty": {
                readonly answer: components["schemas"]["DutiesOut"];
                readonly query: {
                    readonly at?: string | null;
                };
            };
            readonly "GET /api/v1/roster/sheet": {
                readonly query: {
                    /** Format: date */
                    readonly first: string;
                    /** Format: date */
                    readonly last: string;
                };
            };
            readonly "GET /api/v1/rules": {
                readonly answer: components["schemas"]["RulesOut"];
            };
            readonly "GET /api/v1/rules/{kind}": {
                readonly answer: components["schemas"]["ChapterOut"];
            };
            readonly "GET /api/v1/session": {
                readonly answer: components["schemas"]["SessionOut"];
            };
            readonly "GET /api/v1/session/methods": {
                readonly answer: components["schemas"]["Methods"];
            };
            readonly "GET /api/v1/session/sign-on": {
                readonly query: {
                    readonly back?: string;
                };
            };
            readonly "GET /api/v1/session/sign-on/answer": {
                readonly query: {
                    readonly state?: string;
                    readonly code?: string;
                    readonly error?: string;
                };
            };
            readonly "GET /api/v1/settlement": {
                readonly answer: components["schemas"]["SettlementStatementOut"];
                readonly query: {
                    readonly month?: string | null;
                    readonly institution?: string;
                };
            };
            readonly "GET /api/v1/settlement/disputes": {
                readonly answer: components["schemas"]["DisputeList"];
            };
            readonly "GET /api/v1/settlement/lines": {
                readonly answer: components["schemas"]["LinePage"];
                readonly query: {
                    readonly month?: string | null;
                    readonly institution?: string;
                    readonly limit?: number;
                    readonly after?: number;
                };
            };
            readonly "GET /api/v1/settlement/lines.csv": {
                readonly query: {
                    readonly month?: string | null;
                    readonly institution?: string;
                    readonly english?: boolean;
                };
            };
            readonly "GET /api/v1/settlement/readers.csv": {
                readonly query: {
                    readonly month?: string | null;
                    readonly institution?: string;
                    readonly english?: boolean;
                };
            };
            readonly "GET /api/v1/shares": {
                readonly answer: components["schemas"]["ShareList"];
            };
            readonly "GET /api/v1/studies": {
                readonly answer: components["schemas"]["Page_StudyOut_"];
                readonly query: {
                    /** @description `receiving`, or the state of the latest task; repeat for several. */
                    readonly state?: readonly (components["schemas"]["TaskState"] | "receiving")[];
                    readonly modality?: string;
                    /** @description Code of the clinic. */
                    readonly institution?: string;
                    /** @description Parts of a name, an ID or an accession number. */
                    readonly q?: string;
                    readonly limit?: number;
                    readonly cursor?: number | null;
                };
            };
            readonly "GET /api/v1/studies/{study_instance_uid}": {
                readonly answer: components["schemas"]["StudyDetail"];
            };
            readonly "GET /api/v1/studies/{study_instance_uid}/ecg": {
                readonly answer: components["schemas"]["EcgList"];
            };
            readonly "GET /api/v1/studies/{study_instance_uid}/ecg.pdf": {
                readonly query: {
                    /** @description SOP Instance UID of one ECG; all of the study's when empty. */
                    readonly sop?: string;
                    /** @enum {string} */
                    readonly layout?: "3x4" | "3x4+1" | "3x4+3" | "6x2" | "12x1" | "cabrera" | "rhythm";
                    /** @description mm/s: 12.5, 25 or 50 */
                    readonly speed?: number;
                    /** @description mm/mV: 2.5, 5, 10 or 20 */
                    readonly gain?: number;
                    /** @description High pass: 0, 0.05, 0.15 or 0.5 Hz */
                    readonly high?: number;
                    /** @description Low pass: 0, 25, 40, 100 or 150 Hz */
                    readonly low?: number;
                    /** @description Mains: 0, 50 or 60 Hz */
                    readonly notch?: number;
                    readonly start_s?: number;
                    /**
                     * @description Of the printed labels.
                     * @enum {string}
                     */
                    readonly lang?: "zh" | "en";
                };
            };
            readonly "GET /api/v1/studies/{study_instance_uid}/ecg/{sop_instance_uid}/long": {
                readonly answer: components["schemas"]["LongEcgOut"];
            };
            readonly "GET /api/v1/studies/{study_instance_uid}/ecg/{sop_instance_uid}/long/beats": {
                readonly answer: components["schemas"]["LongBeats"];
                readonly query: {
                    readonly kind?: readonly ("normal" | "ventricular" | "supraventricular" | "paced" | "unclassifiable")[] | null;
                    readonly start_s?: number;
                    readonly end_s?: number;
                    readonly after?: number;
                    readonly limit?: number;
                };
            };
            readonly "GET /api/v1/studies/{study_instance_uid}/ecg/{sop_instance_uid}/long/overview": {
                readonly query: {
                    readonly lead: string;
                    readonly start_s?: number;
                    readonly seconds?: number;
                    /** @description Columns of 40 ms that are put into one. */
                    readonly per_column?: number;
                };
            };
            readonly "GET /api/v1/studies/{study_instance_uid}/ecg/{sop_instance_uid}/long/tendency": {
                readonly answer: components["schemas"]["TendencyOut"];
                readonly query: {
                    readonly start_s?: number;
                    readonly seconds?: number | null;
                    readonly parts?: number;
                };
            };
            readonly "GET /api/v1/studies/{study_instance_uid}/ecg/{sop_instance_uid}/marks": {
                readonly answer: components["schemas"]["MarksVersions"];
            };
            readonly "GET /api/v1/studies/{study_instance_uid}/ecg/{sop_instance_uid}/samples": {
                readonly query: {
                    readonly start_s?: number;
                    readonly seconds?: number;
                    /** @description Only these leads. */
                    readonly lead?: readonly string[] | null;
                };
            };
            readonly "GET /api/v1/studies/{study_instance_uid}/measurements": {
                readonly answer: components["schemas"]["MeasurementList"];
            };
            readonly "GET /api/v1/studies/{study_instance_uid}/notes": {
                readonly answer: components["schemas"]["ConversationOut"];
            };
            readonly "GET /api/v1/studies/{study_instance_uid}/priors": {
                readonly answer: components["schemas"]["PriorsOut"];
            };
            readonly "GET /api/v1/studies/{study_instance_uid}/series/{series_instance_uid}/preview": {
                readonly query: {
                    /** @description Of the picture; with it the answer is kept for good. */
                    readonly v?: string;
                };
            };
            readonly "GET /api/v1/studies/{study_instance_uid}/series/{series_instance_uid}/slices/{sop_instance_uids}": Record<string, never>;
            readonly "GET /api/v1/studies/{study_instance_uid}/series/{series_instance_uid}/thumbnail": {
                readonly query: {
                    /** @description Of the picture; with it the answer is kept for good. */
                    readonly v?: string;
                };
            };
            readonly "GET /api/v1/studies/{study_instance_uid}/thumbnail": Record<string, never>;
            readonly "GET /api/v1/tasks": {
                readonly answer: components["schemas"]["Page_TaskOut_"];
                readonly query: {
                    /** @description Repeat for several; without one, all that are not finished. */
                    readonly state?: readonly components["schemas"]["TaskState"][];
                    readonly modality?: readonly string[];
                    /** @description Code of the clinic. */
                    readonly institution?: string;
                    readonly priority?: readonly components["schemas"]["Priority"][];
                    /** @description Only what the caller has in hand, or what is kept for him. */
                    readonly mine?: boolean;
                    /** @description False lists finished tasks too. */
                    readonly open?: boolean;
                    /** @description Part of a name, an ID or an accession number. */
                    readonly q?: string;
                    readonly limit?: number;
                    readonly cursor?: string | null;
                };
            };
            readonly "GET /api/v1/tasks/{task_id}": {
                readonly answer: components["schemas"]["TaskDetail"];
            };
            readonly "GET /api/v1/tasks/{task_id}/discrepancy": {
                readonly answer: components["schemas"]["DiscrepancyOut"] | null;
            };
            readonly "GET /api/v1/tasks/{task_id}/draft/pdf": {
                readonly query: {
                    /**
                     * @description Of the printed labels.
                     * @enum {string}
                     */
                    readonly lang?: "zh" | "en";
                };
            };
            readonly "GET /api/v1/tasks/{task_id}/grade": {
                readonly answer: components["schemas"]["GradesOut"];
            };
            readonly "GET /api/v1/tasks/{task_id}/key-images": {
                readonly answer: components["schemas"]["MarkList"];
            };
            readonly "GET /api/v1/tasks/{task_id}/key-images/{key_image_id}/picture": {
                readonly query: {
                    readonly size?: number;
                };
            };
            readonly "GET /api/v1/tasks/{task_id}/prefetch": {
                readonly answer: components["schemas"]["FetchPlan"];
            };
            readonly "GET /api/v1/templates": {
                readonly answer: components["schemas"]["Page_FittingOut_"];
                readonly query: {
                    readonly for_task?: number | null;
                    readonly level?: components["schemas"]["Level"] | null;
                };
            };
            readonly "GET /api/v1/templates/{template_id}": {
                readonly answer: components["schemas"]["TemplateOut"];
            };
            readonly "GET /api/v1/templates/{template_id}/file": {
                readonly answer: components["schemas"]["TemplateFile"];
            };
            readonly "GET /api/v1/unknown-callers": {
                readonly answer: components["schemas"]["Page_UnknownCallerOut_"];
            };
            readonly "GET /api/v1/uploads/{upload_id}": {
                readonly answer: components["schemas"]["UploadOut"];
                readonly query: {
                    readonly cursor?: number;
                    readonly limit?: number;
                    readonly aside?: boolean;
                };
            };
            readonly "GET /api/v1/upper-hospitals": {
                readonly answer: components["schemas"]["HospitalPage"];
            };
            readonly "GET /api/v1/wall": {
                readonly answer: components["schemas"]["WallOut"];
            };
            readonly "GET /api/v1/webhooks": {
                readonly answer: components["schemas"]["Page_WebhookOut_"];
            };
            readonly "PATCH /api/v1/admin/contacts/{username}": {
                readonly body: components["schemas"]["ContactIn"];
                readonly answer: components["schemas"]["ContactOut"];
            };
            readonly "PATCH /api/v1/admin/devices/{device_id}": {
                readonly body: components["schemas"]["DevicePatch"];
                readonly answer: components["schemas"]["DeviceOut"];
            };
            readonly "PATCH /api/v1/admin/institutions/{code}": {
                readonly body: components["schemas"]["InstitutionChange"];
                readonly answer: components["schemas"]["InstitutionLine"];
            };
            readonly "PATCH /api/v1/admin/users/{username}": {
                readonly body: components["schemas"]["AccountChange"];
                readonly answer: components["schemas"]["AccountLine"];
            };
            readonly "PATCH /api/v1/edge/parcels/{parcel_id}": {
                readonly answer: components["schemas"]["ParcelOut"];
            };
            readonly "PATCH /api/v1/orders/{order_id}": {
                readonly body: components["schemas"]["OrderChange"];
                readonly answer: components["schemas"]["OrderOut"];
            };
            readonly "PATCH /api/v1/result-hooks/{hook_id}": {
                readonly body: components["schemas"]["HookChange"];
                readonly answer: components["schemas"]["HookOut"];
            };
            readonly "PATCH /api/v1/webhooks/{webhook_id}": {
                readonly body: components["schemas"]["WebhookPatch"];
                readonly answer: components["schemas"]["WebhookOut"];
            };
            readonly "POST /api/v1/account/password": {
                readonly body: components["schemas"]["PasswordChange"];
                readonly answer: components["schemas"]["NewSession"];
            };
            readonly "POST /api/v1/account/recovery-codes": {
                readonly body: components["schemas"]["BothShown"];
                readonly answer: components["schemas"]["RecoveryCodes"];
            };
            readonly "POST /api/v1/account/second-factor": {
                readonly body: components["schemas"]["PasswordShown"];
                readonly answer: components["schemas"]["EnrolmentOut"];
            };
            readonly "POST /api/v1/account/second-factor/confirm": {
                readonly body: components["schemas"]["CodeShown"];
                readonly answer: components["schemas"]["Enrolled"];
            };
            readonly "POST /api/v1/account/second-factor/remove": {
                readonly body: components["schemas"]["BothShown"];
                readonly answer: components["schemas"]["NewSession"];
            };
            readonly "POST /api/v1/admin/api-keys": {
                readonly body: components["schemas"]["NewKey"];
                readonly answer: components["schemas"]["ShownKey"];
            };
            readonly "POST /api/v1/admin/api-keys/{key_id}/revoke": {
                readonly answer: components["schemas"]["KeyLine"];
            };
            readonly "POST /api/v1/admin/api-keys/{key_id}/rotate": {
                readonly body: components["schemas"]["Rotation"];
                readonly answer: components["schemas"]["ShownKey"];
            };
            readonly "POST /api/v1/admin/devices": {
                readonly body: components["schemas"]["DeviceIn"];
                readonly answer: components["schemas"]["DeviceOut"];
            };
            readonly "POST /api/v1/admin/hl7-destinations/{institution}/skip": {
                readonly body: components["schemas"]["SkipIn"];
                readonly answer: components["schemas"]["DestinationOut"];
            };
            readonly "POST /api/v1/admin/institutions": {
                readonly body: components["schemas"]["InstitutionIn"];
                readonly answer: components["schemas"]["InstitutionLine"];
            };
            readonly "POST /api/v1/admin/users": {
                readonly body: components["schemas"]["NewAccount"];
                readonly answer: components["schemas"]["FirstPassword"];
            };
            readonly "POST /api/v1/admin/users/{username}/end-sessions": {
                readonly answer: components["schemas"]["AccountLine"];
            };
            readonly "POST /api/v1/admin/users/{username}/reset-password": {
                readonly answer: components["schemas"]["FirstPassword"];
            };
            readonly "POST /api/v1/admin/users/{username}/reset-second-factor": {
                readonly answer: components["schemas"]["AccountLine"];
            };
            readonly "POST /api/v1/admin/users/{username}/unlock": {
                readonly answer: components["schemas"]["AccountLine"];
            };
            readonly "POST /api/v1/admin/walls": {
                readonly body: components["schemas"]["NewWall"];
                readonly answer: components["schemas"]["ShownWall"];
            };
            readonly "POST /api/v1/admin/walls/{wall_id}/revoke": {
                readonly answer: components["schemas"]["WallLine"];
            };
            readonly "POST /api/v1/audit/search": {
                readonly body: components["schemas"]["AuditSearch"];
                readonly answer: components["schemas"]["AuditFound"];
            };
            readonly "POST /api/v1/consultations/{consultation_id}/accept": {
                readonly answer: components["schemas"]["AskedOut"];
            };
            readonly "POST /api/v1/consultations/{consultation_id}/decline": {
                readonly body: components["schemas"]["ReasonIn"];
                readonly answer: components["schemas"]["AskedOut"];
            };
            readonly "POST /api/v1/consultations/{consultation_id}/opinion": {
                readonly body: components["schemas"]["OpinionIn"];
                readonly answer: components["schemas"]["AskedOut"];
            };
            readonly "POST /api/v1/critical-cases": {
                readonly body: components["schemas"]["RaiseIn"];
                readonly answer: components["schemas"]["CaseDetail"];
            };
            readonly "POST /api/v1/critical-cases/{critical_id}/ack": {
                readonly body: components["schemas"]["AcknowledgeIn"];
                readonly answer: components["schemas"]["CaseDetail"];
            };
            readonly "POST /api/v1/critical-cases/{critical_id}/close": {
                readonly body: components["schemas"]["CriticalCloseIn"];
                readonly answer: components["schemas"]["CaseDetail"];
            };
            readonly "POST /api/v1/critical-cases/{critical_id}/confirm": {
                readonly body: components["schemas"]["ConfirmIn"];
                readonly answer: components["schemas"]["CaseDetail"];
            };
            readonly "POST /api/v1/critical-cases/{critical_id}/false-alarm": {
                readonly body: components["schemas"]["FalseAlarmIn"];
                readonly answer: components["schemas"]["CaseDetail"];
            };
            readonly "POST /api/v1/critical-cases/{critical_id}/feedback": {
                readonly body: components["schemas"]["FeedbackIn"];
                readonly answer: components["schemas"]["CaseDetail"];
            };
            readonly "POST /api/v1/critical-cases/{critical_id}/notify": {
                readonly body: components["schemas"]["ToldIn"];
                readonly answer: components["schemas"]["CaseDetail"];
            };
            readonly "POST /api/v1/dead-letters/{letter_id}/dismiss": {
                readonly answer: components["schemas"]["LetterOut"];
            };
            readonly "POST /api/v1/dead-letters/{letter_id}/redrive": {
                readonly answer: components["schemas"]["LetterOut"];
            };
            readonly "POST /api/v1/deliveries/redrive": {
                readonly body: components["schemas"]["RedriveIn"];
                readonly answer: components["schemas"]["NoticesCountOut"];
            };
            readonly "POST /api/v1/edge/report": {
                readonly body: components["schemas"]["EdgeReportIn"];
                readonly answer: components["schemas"]["EdgeReportOut"];
            };
            readonly "POST /api/v1/emergencies": {
                readonly body: components["schemas"]["Emergency"];
                readonly answer: components["schemas"]["EmergencyOut"];
            };
            readonly "POST /api/v1/emergencies/search": {
                readonly body: components["schemas"]["PatientKnown"];
                readonly answer: components["schemas"]["FoundElsewhere"];
            };
            readonly "POST /api/v1/emergencies/{emergency_id}/end": {
                readonly answer: components["schemas"]["EmergencyOut"];
            };
            readonly "POST /api/v1/emergencies/{emergency_id}/review": {
                readonly body: components["schemas"]["Review"];
                readonly answer: components["schemas"]["EmergencyOut"];
            };
            readonly "POST /api/v1/green-channel": {
                readonly body: components["schemas"]["OpenIn"];
                readonly answer: components["schemas"]["GreenChannelCaseOut"];
            };
            readonly "POST /api/v1/green-channel/{case_id}/close": {
                readonly body: components["schemas"]["GreenChannelCloseIn"];
                readonly answer: components["schemas"]["GreenChannelCaseOut"];
            };
            readonly "POST /api/v1/green-channel/{case_id}/milestones": {
                readonly body: components["schemas"]["MilestoneIn"];
                readonly answer: components["schemas"]["GreenChannelCaseOut"];
            };
            readonly "POST /api/v1/national-indicators/cases": {
                readonly body: components["schemas"]["CasesIn"];
                readonly answer: components["schemas"]["CaseList"];
            };
            readonly "POST /api/v1/notices/seen": {
                readonly body: components["schemas"]["SeenIn"];
                readonly answer: components["schemas"]["UnseenOut"];
            };
            readonly "POST /api/v1/orders": {
                readonly body: components["schemas"]["OrderIn"];
                readonly answer: components["schemas"]["PlacedOrder"];
            };
            readonly "POST /api/v1/orders/checks": {
                readonly body: components["schemas"]["OrdersCheckIn"];
                readonly answer: components["schemas"]["OrdersCheckOut"];
            };
            readonly "POST /api/v1/orders/patients": {
                readonly body: components["schemas"]["PatientQuery"];
                readonly answer: components["schemas"]["KnownPatients"];
            };
            readonly "POST /api/v1/orders/recognitions": {
                readonly body: components["schemas"]["RecogniseIn"];
                readonly answer: components["schemas"]["OrdersChoiceOut"];
            };
            readonly "POST /api/v1/orders/{order_id}/cancel": {
                readonly body: components["schemas"]["CancelIn"];
                readonly answer: components["schemas"]["OrderOut"];
            };
            readonly "POST /api/v1/patients/candidates": {
                readonly body: components["schemas"]["ProposeIn"];
                readonly answer: components["schemas"]["PairOut"];
            };
            readonly "POST /api/v1/patients/candidates/{pair_id}/different": {
                readonly body: components["schemas"]["ApartIn"];
                readonly answer: components["schemas"]["PairOut"];
            };
            readonly "POST /api/v1/patients/merges/{merge_id}/undo": {
                readonly body: components["schemas"]["UndoIn"];
                readonly answer: components["schemas"]["MergeOut"];
            };
            readonly "POST /api/v1/patients/{patient_id}/merge": {
                readonly body: components["schemas"]["MergeIn"];
                readonly answer: components["schemas"]["MergeOut"];
            };
            readonly "POST /api/v1/peer-reviews/next": {
                readonly answer: components["schemas"]["ReviewOut"];
            };
            readonly "POST /api/v1/peer-reviews/{review_id}/submit": {
                readonly body: components["schemas"]["ScoreIn"];
                readonly answer: components["schemas"]["ScoredOut"];
            };
            readonly "POST /api/v1/phrases": {
                readonly body: components["schemas"]["PhraseIn"];
                readonly answer: components["schemas"]["PhraseOut"];
            };
            readonly "POST /api/v1/phrases/{phrase_id}/used": Record<string, never>;
            readonly "POST /api/v1/qualifications": {
                readonly body: components["schemas"]["LicenceIn"];
                readonly answer: components["schemas"]["LicenceOut"];
            };
            readonly "POST /api/v1/qualifications/{licence_id}/end": {
                readonly body: components["schemas"]["EndIn"];
                readonly answer: components["schemas"]["LicenceOut"];
            };
            readonly "POST /api/v1/quarantine/resolve": {
                readonly body: components["schemas"]["BulkIn"];
                readonly answer: components["schemas"]["BulkOut"];
            };
            readonly "POST /api/v1/quarantine/{quarantine_id}/reopen": {
                readonly body: components["schemas"]["ReopenIn"];
                readonly answer: components["schemas"]["QuarantineDetail"];
            };
            readonly "POST /api/v1/quarantine/{quarantine_id}/resolve": {
                readonly body: components["schemas"]["ResolveIn"];
                readonly answer: components["schemas"]["QuarantineDetail"];
            };
            readonly "POST /api/v1/referrals": {
                readonly body: components["schemas"]["ReferralIn"];
                readonly answer: components["schemas"]["ReferralOut"];
            };
            readonly "POST /api/v1/referrals/{referral_id}/{action}": {
                readonly body: components["schemas"]["ReferralStepIn"];
                readonly answer: components["schemas"]["ReferralOut"];
            };
            readonly "POST /api/v1/report-check": {
                readonly body: components["schemas"]["QualityCheckIn"];
                readonly answer: components["schemas"]["QualityCheckOut"];
            };
            readonly "POST /api/v1/result-hooks": {
                readonly body: components["schemas"]["HookIn"];
                readonly answer: components["schemas"]["NewKeyOut"];
            };
            readonly "POST /api/v1/result-hooks/{hook_id}/keys": {
                readonly answer: components["schemas"]["NewKeyOut"];
            };
            readonly "POST /api/v1/result-hooks/{hook_id}/replay": {
                readonly body: components["schemas"]["HooksReplayIn"];
                readonly answer: components["schemas"]["ReplayOut"];
            };
            readonly "POST /api/v1/result-hooks/{hook_id}/test": {
                readonly answer: components["schemas"]["HookOut"];
            };
            readonly "POST /api/v1/results/{seq}/receipt": {
                readonly body?: components["schemas"]["ReceiptIn"] | null;
                readonly answer: components["schemas"]["ReceiptOut"];
            };
            readonly "POST /api/v1/retakes/{retake_id}/seen": {
                readonly answer: components["schemas"]["RetakeOut"];
            };
            readonly "POST /api/v1/roster/absences": {
                readonly body: components["schemas"]["AbsenceIn"];
                readonly answer: components["schemas"]["AbsenceOut"];
            };
            readonly "POST /api/v1/roster/copy": {
                readonly body: components["schemas"]["CopyIn"];
                readonly answer: components["schemas"]["RostersCountOut"];
            };
            readonly "POST /api/v1/roster/kinds": {
                readonly body: components["schemas"]["KindIn"];
                readonly answer: components["schemas"]["KindOut"];
            };
            readonly "POST /api/v1/roster/kinds/{kind_id}/retire": {
                readonly answer: components["schemas"]["KindOut"];
            };
            readonly "POST /api/v1/roster/sheet": {
                readonly answer: components["schemas"]["RostersCountOut"];
                readonly query: {
                    readonly replace?: boolean;
                };
            };
            readonly "POST /api/v1/roster/shifts/{shift_id}/swap": {
                readonly body: components["schemas"]["SwapIn"];
                readonly answer: components["schemas"]["ShiftOut"];
            };
            readonly "POST /api/v1/rules/{kind}": {
                readonly body: components["schemas"]["PublishIn"];
                readonly answer: components["schemas"]["EditionOut"];
            };
            readonly "POST /api/v1/rules/{kind}/preview": {
                readonly body: components["schemas"]["ContentIn"];
                readonly answer: components["schemas"]["PreviewOut"];
            };
            readonly "POST /api/v1/session": {
                readonly body: components["schemas"]["Credentials"];
                readonly answer: components["schemas"]["NewSession"];
            };
            readonly "POST /api/v1/session/mask": {
                readonly answer: components["schemas"]["NewSession"];
            };
            readonly "POST /api/v1/session/sign-on": {
                readonly body: components["schemas"]["Ticket"];
                readonly answer: components["schemas"]["NewSession"];
            };
            readonly "POST /api/v1/settlement/close": {
                readonly body: components["schemas"]["SettlementCloseIn"];
                readonly answer: components["schemas"]["SettlementStatementOut"];
            };
            readonly "POST /api/v1/settlement/disputes/{dispute_id}/answer": {
                readonly body: components["schemas"]["SettlementAnswerIn"];
                readonly answer: components["schemas"]["DisputeOut"];
            };
            readonly "POST /api/v1/settlement/lines/{line_id}/correct": {
                readonly body: components["schemas"]["CorrectIn"];
                readonly answer: components["schemas"]["DisputeOut"];
            };
            readonly "POST /api/v1/settlement/lines/{line_id}/dispute": {
                readonly body: components["schemas"]["DisputeIn"];
                readonly answer: components["schemas"]["DisputeOut"];
            };
            readonly "POST /api/v1/shared": {
                readonly body: components["schemas"]["Shown"];
                readonly answer: components["schemas"]["VisitOut"];
            };
            readonly "POST /api/v1/shares/{share_id}/revoke": {
                readonly answer: components["schemas"]["ShareLine"];
            };
            readonly "POST /api/v1/studies/{study_instance_uid}/measurements": {
                readonly body: components["schemas"]["MeasurementIn"];
                readonly answer: components["schemas"]["MeasurementOut"];
            };
            readonly "POST /api/v1/studies/{study_instance_uid}/notes": {
                readonly body: components["schemas"]["NoteIn"];
                readonly answer: components["schemas"]["ConversationOut"];
            };
            readonly "POST /api/v1/studies/{study_instance_uid}/notes/seen": {
                readonly body: components["schemas"]["NotesSeenIn"];
            };
            readonly "POST /api/v1/studies/{study_instance_uid}/shares": {
                readonly body: components["schemas"]["NewShare"];
                readonly answer: components["schemas"]["ShownShare"];
            };
            readonly "POST /api/v1/tasks/next": {
                readonly answer: components["schemas"]["ClaimOut"];
            };
            readonly "POST /api/v1/tasks/{task_id}/amend": {
                readonly body: components["schemas"]["AmendIn"];
                readonly answer: components["schemas"]["SignedOut"];
            };
            readonly "POST /api/v1/tasks/{task_id}/answer": {
                readonly body: components["schemas"]["ReadingsAnswerIn"];
                readonly answer: components["schemas"]["TaskOut"];
            };
            readonly "POST /api/v1/tasks/{task_id}/ask": {
                readonly body: components["schemas"]["AskIn"];
                readonly answer: components["schemas"]["TaskOut"];
            };
            readonly "POST /api/v1/tasks/{task_id}/assign": {
                readonly body: components["schemas"]["AssignIn"];
                readonly answer: components["schemas"]["TaskOut"];
            };
            readonly "POST /api/v1/tasks/{task_id}/cancel": {
                readonly body: components["schemas"]["ReasonIn"];
                readonly answer: components["schemas"]["TaskOut"];
            };
            readonly "POST /api/v1/tasks/{task_id}/claim": {
                readonly answer: components["schemas"]["ClaimOut"];
            };
            readonly "POST /api/v1/tasks/{task_id}/consult": {
                readonly body: components["schemas"]["ConsultIn"];
                readonly answer: components["schemas"]["TaskOut"];
            };
            readonly "POST /api/v1/tasks/{task_id}/decline": {
                readonly body: components["schemas"]["ReasonIn"];
                readonly answer: components["schemas"]["TaskOut"];
            };
            readonly "POST /api/v1/tasks/{task_id}/discrepancy": {
                readonly body: components["schemas"]["JudgedIn"];
                readonly answer: components["schemas"]["DiscrepancyOut"] | null;
            };
            readonly "POST /api/v1/tasks/{task_id}/heartbeat": {
                readonly body: components["schemas"]["LeaseIn"];
                readonly answer: components["schemas"]["LeaseOut"];
            };
            readonly "POST /api/v1/tasks/{task_id}/preliminary": {
                readonly body: components["schemas"]["ReportUnderLease"];
                readonly answer: components["schemas"]["SignedOut"];
            };
            readonly "POST /api/v1/tasks/{task_id}/prior-score": {
                readonly body: components["schemas"]["PriorScoreIn"];
                readonly answer: components["schemas"]["ScoredOut"];
            };
            readonly "POST /api/v1/tasks/{task_id}/priority": {
                readonly body: components["schemas"]["PriorityIn"];
                readonly answer: components["schemas"]["TaskOut"];
            };
            readonly "POST /api/v1/tasks/{task_id}/recall": {
                readonly body: components["schemas"]["ReasonIn"];
                readonly answer: components["schemas"]["TaskOut"];
            };
            readonly "POST /api/v1/tasks/{task_id}/reconcile": {
                readonly body: components["schemas"]["ReasonIn"];
                readonly answer: components["schemas"]["TaskOut"];
            };
            readonly "POST /api/v1/tasks/{task_id}/reject": {
                readonly body: components["schemas"]["RejectIn"];
                readonly answer: components["schemas"]["TaskOut"];
            };
            readonly "POST /api/v1/tasks/{task_id}/release": {
                readonly body: components["schemas"]["ReleaseIn"];
                readonly answer: components["schemas"]["TaskOut"];
            };
            readonly "POST /api/v1/tasks/{task_id}/reread": {
                readonly body: components["schemas"]["ReasonIn"];
                readonly answer: components["schemas"]["TaskOut"];
            };
            readonly "POST /api/v1/tasks/{task_id}/resume": {
                readonly answer: components["schemas"]["ClaimOut"];
            };
            readonly "POST /api/v1/tasks/{task_id}/retaken": {
                readonly body: components["schemas"]["ReasonIn"];
                readonly answer: components["schemas"]["TaskOut"];
            };
            readonly "POST /api/v1/tasks/{task_id}/return": {
                readonly body: components["schemas"]["ReturnIn"];
                readonly answer: components["schemas"]["TaskOut"];
            };
            readonly "POST /api/v1/tasks/{task_id}/sign": {
                readonly body: components["schemas"]["SignIn"];
                readonly answer: components["schemas"]["SignedOut"];
            };
            readonly "POST /api/v1/tasks/{task_id}/submit": {
                readonly body: components["schemas"]["ReportUnderLease"];
                readonly answer: components["schemas"]["TaskOut"];
            };
            readonly "POST /api/v1/tasks/{task_id}/withdraw": {
                readonly body: components["schemas"]["ReasonIn"];
                readonly answer: components["schemas"]["SignedOut"];
            };
            readonly "POST /api/v1/templates": {
                readonly body: components["schemas"]["TemplateIn"];
                readonly answer: components["schemas"]["TemplateOut"];
            };
            readonly "POST /api/v1/templates/{template_id}/copy": {
                readonly body: components["schemas"]["PlaceIn"];
                readonly answer: components["schemas"]["TemplateOut"];
            };
            readonly "POST /api/v1/templates/{template_id}/render": {
                readonly body: components["schemas"]["RenderIn"];
                readonly answer: components["schemas"]["RenderedOut"];
            };
            readonly "POST /api/v1/unknown-callers/{caller_id}/accept": {
                readonly body: components["schemas"]["AcceptIn"];
                readonly answer: components["schemas"]["DeviceOut"];
            };
            readonly "POST /api/v1/uploads": {
                readonly body: components["schemas"]["UploadIn"];
                readonly answer: components["schemas"]["UploadOut"];
            };
            readonly "POST /api/v1/uploads/{upload_id}/complete": {
                readonly answer: components["schemas"]["UploadOut"];
            };
            readonly "POST /api/v1/webhooks": {
                readonly body: components["schemas"]["WebhookIn"];
                readonly answer: components["schemas"]["NewWebhookOut"];
            };
            readonly "POST /api/v1/webhooks/{webhook_id}/replay": {
                readonly body: components["schemas"]["NoticesReplayIn"];
                readonly answer: components["schemas"]["NoticesCountOut"];
            };
            readonly "PUT /api/v1/admin/hl7-destinations/{institution}": {
                readonly body: components["schemas"]["DestinationIn"];
                readonly answer: components["schemas"]["DestinationOut"];
            };
            readonly "PUT /api/v1/hanging/own": {
                readonly body: components["schemas"]["OwnIn"];
                readonly answer: components["schemas"]["HangingOut"];
            };
            readonly "PUT /api/v1/notices/preferences": {
                readonly body: components["schemas"]["WishesIn"];
                readonly answer: components["schemas"]["WishesOut"];
            };
            readonly "PUT /api/v1/phrases/{phrase_id}": {
                readonly body: components["schemas"]["PhraseIn"];
                readonly answer: components["schemas"]["PhraseOut"];
            };
            readonly "PUT /api/v1/preferences/{name}": {
                readonly body: components["schemas"]["PreferenceIn"];
                readonly answer: components["schemas"]["PreferenceOut"];
            };
            readonly "PUT /api/v1/qualifications/{licence_id}": {
                readonly body: components["schemas"]["LicenceIn"];
                readonly answer: components["schemas"]["LicenceOut"];
            };
            readonly "PUT /api/v1/roster/kinds/{kind_id}": {
                readonly body: components["schemas"]["KindIn"];
                readonly answer: components["schemas"]["KindOut"];
            };
            readonly "PUT /api/v1/roster/shifts": {
                readonly body: components["schemas"]["ShiftIn"];
                readonly answer: components["schemas"]["ShiftOut"];
            };
            readonly "PUT /api/v1/session/preferences": {
                readonly body: {
                    readonly [key: string]: unknown;
                };
                readonly answer: components["schemas"]["UserOut"];
            };
            readonly "PUT /api/v1/studies/{study_instance_uid}/measurements/{measurement_id}": {
                readonly body: components["schemas"]["MeasurementChange"];
                readonly answer: components["schemas"]["MeasurementOut"];
            };
            readonly "PUT /api/v1/studies/{study_instance_uid}/name": {
                readonly body: components["schemas"]["NameIn"];
                readonly answer: components["schemas"]["NameOut"];
            };
            readonly "PUT /api/v1/tasks/{task_id}/draft": {
                readonly body: components["schemas"]["ReportUnderLease"];
                readonly answer: components["schemas"]["SavedOut"];
            };
            readonly "PUT /api/v1/tasks/{task_id}/ecg/{sop_instance_uid}/marks": {
                readonly body: components["schemas"]["KeepMarksIn"];
                readonly answer: components["schemas"]["EcgPhysicianOut"];
            };
            readonly "PUT /api/v1/tasks/{task_id}/grade": {
                readonly body: components["schemas"]["GradeIn"];
                readonly answer: components["schemas"]["GradesOut"];
            };
            readonly "PUT /api/v1/tasks/{task_id}/key-images": {
                readonly body: components["schemas"]["MarkIn"];
                readonly answer: components["schemas"]["MarkList"];
            };
            readonly "PUT /api/v1/templates/{template_id}": {
                readonly body: components["schemas"]["TemplateChange"];
                readonly answer: components["schemas"]["TemplateOut"];
            };
            readonly "PUT /api/v1/uploads/{upload_id}/files/{name}": {
                readonly answer: components["schemas"]["FileOut"];
            };
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
