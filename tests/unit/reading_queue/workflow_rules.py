"""Every rule of the reading workflow by a short name, and the tests that prove it: `file::test`, files below `tests/`."""

from collections.abc import Mapping

_U = "unit/reading_queue"
_C = f"{_U}/critical"
_F = "functional"


def _in(folder: str, file: str, *tests: str) -> tuple[str, ...]:
    return tuple(f"{folder}/test_{file}.py::test_{test}" for test in tests)


FACTS: Mapping[str, tuple[str, ...]] = {
    "clock A: from the start of the exam, X-ray and CT of emergencies, two hours": _in(
        _U,
        "sla",
        "the_regulators_clock_binds_emergency_xray_and_ct",
        "the_regulators_clock_needs_the_start_of_the_examination",
    )
    + _in(_U, "service_times", "the_shipped_edition_bounds_clock_a_at_two_hours"),
    "clock A is never paused": _in(
        _U, "escalating", "clock_a_is_warned_of_before_its_end_also_while_the_clinic_is_asked"
    ),
    "RQI-RCV-04: ten minutes from the discovery": _in(_C, "indicators", "rqi_rcv_04_ten_minutes_from_the_discovery"),
    "RQI-RCV-04: done only with the records of both sides": _in(
        _C, "indicators", "rqi_rcv_04_counts_only_what_both_sides_can_show_in_full"
    )
    + _in(_C, "transitions", "both_sides_are_on_record_with_names_times_content_and_method"),
    "US-CV-01: ten minutes from the report": _in(_C, "indicators", "us_cv_01_counts_from_the_report")
    + _in(_C, "reports", "ultrasound_counts_from_the_report"),
    "RQI-IIA-01 and RQI-RWS-03: artefacts and writing": _in(
        _U, "quality", "figures_count_exams_grades_and_retakes_against_their_source"
    ),
    "a case may be declined, with a reason": _in(_U, "directing", "declining_needs_a_reason"),
    "the server chooses; what is urgent is never picked freely": _in(
        _U,
        "next_case",
        "an_urgent_case_is_not_picked_while_another_is_due_before_it",
        "routine_cases_are_picked_freely_only_where_the_county_allows_it",
    ),
    "a return counts against the site, the grade is kept with names": _in(
        _U,
        "quality",
        "a_return_makes_an_order_that_counts_against_the_site",
        "reader_and_auditor_grade_and_both_are_kept_with_names",
    ),
}

STANDARDS: Mapping[str, tuple[str, ...]] = {
    "states have their words in UPS and FHIR": _in(
        _U, "projections", "every_state_has_its_words", "open_and_ended_mean_the_same_everywhere"
    ),
    "a UPS never goes back from IN PROGRESS to SCHEDULED": _in(
        _U, "projections", "no_step_goes_back_to_scheduled_but_as_another_one"
    ),
    "in hand is in progress, waiting is on hold": _in(
        _U, "projections", "in_hand_is_in_progress_and_waiting_is_on_hold"
    ),
    "refusals name the status of the unified procedure step": _in(
        _U, "end_of_case", "refusals_have_the_status_of_the_unified_procedure_step"
    )
    + _in(f"{_F}/api", "consultations", "a_stale_write_names_the_status_of_the_unified_procedure_step"),
    "priority is high, medium or low": _in(_U, "projections", "classes_have_their_priorities"),
    "images returned for retake are rejected by a note": _in(
        _U, "rejecting", "the_study_gets_a_note_that_names_what_was_rejected_and_why", "the_reason_decides_the_title"
    ),
    "rejected images are unavailable to whoever searches": _in(
        _U, "rejecting", "whoever_searches_is_told_that_they_are_unavailable"
    ),
    "results have a gap-free number of the clinic's own": _in(
        _U,
        "signing",
        "each_version_is_a_result_with_the_clinics_next_number",
        "a_rolled_back_signature_gives_its_number_back",
    ),
    "a clinic's results are its own": _in(_U, "delivery", "numbers_are_each_clinics_own"),
}

CHOICE: Mapping[str, tuple[str, ...]] = {
    "urgent cases go to whoever has least in hand now": _in(
        _U, "ranking", "an_urgent_case_goes_to_whoever_has_least_in_hand"
    ),
    "routine work balances the weighted work of the shift": _in(
        _U, "ranking", "who_owes_work_gets_the_heavier_case_and_who_is_ahead_the_lighter"
    ),
    "a deficit is kept and repaid": _in(_U, "ranking", "a_deficit_is_repaid_by_work")
    + _in(_U, "next_case", "a_deficit_is_carried_to_the_next_day_of_work"),
    "only readers on duty receive work": _in(
        _U, "next_case", "off_duty_a_reader_gets_only_what_nobody_is_there_for", "the_desk_is_manned_as_the_roster_says"
    ),
    "due first includes the expected reading time": _in(
        _U, "ranking", "of_urgent_cases_the_one_that_must_be_begun_first_comes_first"
    ),
    "the reader of the prior, and the same patient together": _in(
        _U, "next_case", "the_reader_of_the_prior_is_preferred_and_told_so", "the_same_patients_other_study_comes_next"
    ),
    "every choice is explained": _in(_U, "ranking", "every_choice_is_explained_in_both_languages")
    + _in(_U, "next_case", "the_event_of_a_claim_tells_why"),
    "a roster change holds at once": _in(_U, "rosters", "a_change_holds_from_its_commit_on"),
    "a claim is one conditional update": _in(
        f"{_F}/queue", "races_on_postgres", "twenty_readers_never_get_the_same_case"
    ),
}

STATES: Mapping[str, tuple[str, ...]] = {
    "a study that is whole is queued": _in(
        _U,
        "opening",
        "a_study_is_ready_ten_seconds_after_its_last_object",
        "a_ready_study_with_a_task_gets_no_second_one",
    ),
    "a mismatch waits for a human and is never dropped": _in(
        _U,
        "reconciling",
        "a_mismatch_waits_and_clock_b_begins_when_somebody_has_matched_it",
        "it_is_called_to_mind_and_never_dropped",
    ),
    "an emergency is not held": _in(_U, "reconciling", "an_emergency_is_read_at_once_with_a_warning"),
    "an assignment is accepted within ten minutes or declined": _in(
        _U,
        "leases",
        "an_assigned_task_is_kept_for_its_reader_for_ten_minutes",
        "an_assigned_reader_gets_it_next_or_turns_it_down",
    ),
    "release and expiry keep the draft": _in(_U, "leases", "the_draft_outlives_the_lease"),
    "a return waits for images, or for a waiver, and comes to the front": _in(
        _U,
        "waiting",
        "new_images_bring_a_retake_to_the_front_of_its_class",
        "words_are_needed_for_questions_answers_and_waivers",
    ),
    "a question comes back to who asked, within 24 hours": _in(
        _U,
        "waiting",
        "an_answer_brings_the_case_back_to_the_one_who_asked",
        "a_question_that_is_not_answered_comes_back_after_a_day",
    ),
    "a rejected draft goes to its author first": _in(_U, "leases", "next_gives_rework_to_its_author_first"),
    "one or two signatures by policy": _in(_U, "signing", "an_ecg_needs_one_signature", "a_ct_needs_two_signatures")
    + _in(_U, "signatures", "as_shipped_ecgs_have_one_signature_and_all_else_two_and_residents_always"),
    "an upper hospital is consulted and its opinion comes back": _in(
        _U,
        "consulting",
        "asking_ends_the_lease_and_an_opinion_brings_the_case_back_to_who_asked",
        "an_auditor_gets_it_back_to_audit_and_the_signed_version_names_the_opinion",
    ),
    "a receipt delivers, and a delivered case is closed": _in(_U, "delivery", "a_receipt_delivers_the_report")
    + _in(_U, "end_of_case", "a_delivered_case_is_closed_a_day_after_its_receipt"),
    "whatever is not signed may be cancelled": _in(_U, "transitions", "every_open_state_has_a_way_on_and_a_way_out"),
    "a preliminary report that gets no final one is withdrawn": _in(
        _U,
        "voiding",
        "the_clinic_gets_a_withdrawal_under_the_next_number_and_an_urgent_notice",
        "every_state_that_can_hold_a_preliminary_report_is_tried",
    ),
    "versions are immutable, hashed and tied together, all kept": _in(
        _U, "signing", "versions_are_hashed_and_tied_together", "the_database_refuses_to_change_what_is_signed"
    ),
    "critical cases follow their table": _in(
        _C, "transitions", "every_action_from_every_state_by_everybody_is_as_the_table_says"
    ),
    "retake orders: open, seen, redone, waived, expired": _in(
        _U,
        "quality",
        "the_first_look_of_the_clinic_is_what_counts",
        "new_images_end_the_order_as_redone",
        "the_clinic_waives_and_a_second_return_makes_a_second_order",
        "after_a_day_the_order_expires_with_its_task",
    ),
    "the table says everything": _in(_U, "every_step", "what_the_table_says_and_nothing_else")
    + _in(
        _U, "transitions", "what_is_not_in_the_table_is_refused_and_leaves_no_trace", "the_users_guide_has_the_table"
    ),
}

RULES_OF_THE_MACHINE: Mapping[str, tuple[str, ...]] = {
    "1: a write needs the live lease": _in(
        _U, "leases", "a_write_without_the_token_changes_nothing", "a_token_serves_its_holder_alone"
    ),
    "1: claim, accept and sign are conditional": _in(
        f"{_F}/queue", "races_on_postgres", "twenty_readers_never_get_the_same_case"
    ),
    "2: a lease of ten minutes, kept by heartbeats, with a grace of two": _in(
        _U,
        "leases",
        "a_claim_gives_a_lease_of_ten_minutes",
        "a_heartbeat_keeps_the_lease",
        "in_the_grace_the_holder_still_writes_when_nobody_else_claimed",
    ),
    "2: expiry is decided at the write, the sweeper only tidies": _in(
        _U,
        "leases",
        "after_the_grace_the_lease_is_stale_although_no_sweep_came",
        "the_sweeper_tidies_and_a_late_holder_is_told_that_his_lease_is_stale",
    ),
    "3: the auditor is not the author": _in(_U, "signing", "the_author_never_audits_his_own_draft")
    + _in(_U, "leases", "next_never_gives_an_auditor_his_own_draft"),
    "3: the signer is qualified when he signs": _in(
        _U, "qualifications", "a_licence_that_ends_while_reading_stops_the_signature"
    ),
    "3: names, titles and centre are in the version": _in(_U, "signing", "a_version_says_everything"),
    "4: every transition writes its event": _in(
        _U, "transitions", "every_step_of_the_table_leads_where_it_says", "events_number_every_step_without_a_gap"
    ),
    "4: notices come from the step's own transaction": _in(
        _U, "escalating", "a_tick_that_dies_half_way_has_done_nothing_and_the_next_one_does_it"
    ),
    "5: images after the signature open a linked task": _in(
        _U, "opening", "images_after_the_signature_open_a_new_task_that_names_the_old_one"
    ),
    "5: a change of class is an event and looks forward only": _in(
        _U, "directing", "a_raised_class_comes_first_and_is_due_from_the_change_on"
    )
    + _in(_U, "clock_properties", "a_change_of_class_looks_forward_only"),
    "6: an ECG raises its critical value before any claim": _in(
        _C, "raising", "an_ecg_measurement_raises_before_any_claim_and_makes_the_case_urgent"
    ),
    "7: a critical case is not closed before it is acknowledged": _in(
        _U, "end_of_case", "rule_7_a_critical_case_is_not_closed_before_the_clinic_has_acknowledged_it"
    ),
    "7: telling never waits for the signature": _in(
        _C, "reports", "a_submitted_report_opens_its_case_and_tells_the_clinic_before_any_signature"
    ),
}

TIMES: Mapping[str, tuple[str, ...]] = {
    "target and maximum by class and modality": _in(_U, "sla", "target_and_maximum")
    + _in(_U, "service_times", "the_shipped_edition_holds_the_rule"),
    "clock B begins when the study is whole and matched": _in(
        _U, "reconciling", "a_mismatch_waits_and_clock_b_begins_when_somebody_has_matched_it"
    ),
    "clock B pauses for retake and question, 24 hours at most": _in(
        _U, "waiting", "the_clock_stands_still_while_a_retake_is_awaited"
    )
    + _in(_U, "sla", "a_pause_counts_24_hours_at_most"),
    "parts: upload, queue, reading, audit, delivery, retake": _in(
        _U, "parts", "every_part_of_the_way_has_its_time", "the_parts_make_up_the_whole_until_it_was_over"
    ),
    "night counts for emergencies, the calendar for the rest": _in(
        _U, "sla", "night_counts_for_emergencies", "night_does_not_count_for_the_rest"
    ),
    "holidays and make-up workdays": _in(_U, "service_times", "the_shipped_calendar_has_the_public_holidays")
    + _in(_U, "calendars", "a_holiday_can_be_a_make_up_workday"),
    "70 % reading, 30 % audit": _in(
        _U, "service_times", "the_shipped_edition_divides_70_to_30_between_reading_and_audit"
    ),
    "preliminary for P0 and P1 only": _in(_U, "preliminary", "only_an_emergency_gets_one"),
    "the final one by the times of the next class": _in(
        _U, "preliminary", "the_final_one_is_due_by_the_times_of_the_next_class_from_when_it_was_ready"
    ),
    "95 % of emergencies and 90 % of the rest": _in(
        _U, "service_times", "the_shipped_edition_aims_at_95_percent_of_emergencies_and_90_of_the_rest"
    ),
    "50 %: the owner is nudged": _in(_U, "escalating", "at_50_percent_the_owner_is_nudged"),
    "75 %: the pool is widened and the scheduler warned": _in(
        _U, "escalating", "at_75_percent_the_pool_is_widened_and_the_scheduler_warned"
    ),
    "100 %: the lead is told, and who does not read loses it": _in(
        _U,
        "escalating",
        "at_100_percent_the_lead_is_told_and_an_owner_who_does_not_read_loses_it",
        "at_100_percent_an_owner_who_reads_keeps_it",
    ),
    "150 %: medical affairs and the upper hospital": _in(
        _U, "escalating", "at_150_percent_medical_affairs_are_told_and_of_the_hospital_that_may_be_asked"
    ),
    "unmanned: emergencies at once, the rest after 4 hours": _in(
        _U,
        "escalating",
        "an_emergency_on_an_unmanned_shift_is_open_to_everybody_at_once",
        "the_rest_is_open_to_everybody_after_4_hours_without_a_shift",
    ),
    "P0 unclaimed for 2 minutes: the duty phone": _in(
        _U, "escalating", "p0_that_nobody_takes_within_2_minutes_calls_the_duty_phone"
    ),
    "critical: confirmed to notified in 10 minutes": _in(_C, "ladder", "confirmed_to_notified_ten_minutes"),
    "critical: acknowledged in 5 minutes, then the phone, then the head and the duty line": _in(
        _C,
        "ladder",
        "notified_to_acknowledged_five_minutes_then_the_telephone",
        "ten_minutes_the_head_of_the_clinic_and_the_duty_line",
    ),
    "critical: the ladder of 30, 60, 120 minutes and 24 hours": _in(
        _C, "ladder", "the_ladder_while_nobody_acknowledges"
    ),
    "critical: treatment in 30 or 60 minutes, closed in 24 hours": _in(
        _C, "ladder", "acknowledged_to_treated_by_class", "closed_within_twenty_four_hours"
    ),
    "retake: seen in 30 minutes": _in(_U, "quality", "an_order_that_nobody_opens_is_called_to_mind_once"),
    "retake: answered in 24 hours, or unreadable": _in(
        _U, "waiting", "a_retake_that_never_comes_closes_the_task_as_unreadable"
    ),
    "referral: accepted in 2 hours, fed back in 48, else overdue": _in(
        _U, "referrals", "two_hours_without_an_answer_and_two_days_without_word_are_told_once"
    ),
    "figures are editions, effective from a day": _in(
        _U, "rulebook", "an_edition_waits_for_its_day_and_the_one_before_stays_known"
    )
    + _in(_U, "service_times", "a_task_keeps_the_edition_that_it_was_opened_under"),
    "a contract has its own figures, a van is P3": _in(
        _U,
        "service_times",
        "a_clinic_with_a_contract_has_its_own_figures_and_centre",
        "what_a_mobile_van_brings_is_p3_unless_it_is_flagged",
    ),
}

LISTS: Mapping[str, tuple[str, ...]] = {
    "the national lists are whole": _in(_C, "lists", "the_national_lists_are_whole"),
    "ECG: the trial list, and how other provinces differ": _in(
        _C, "lists", "the_zhejiang_trial_list", "the_later_provincial_limits_and_those_of_shanxi_differ"
    ),
    "a county adds its own": _in(_C, "lists", "a_county_adds_its_own_list_before_the_others"),
    "every finding has its source": _in(_C, "lists", "every_finding_names_itself_in_both_languages_with_its_source"),
}

RECORDS: Mapping[str, tuple[str, ...]] = {
    "recognition belongs to the study, not to the report": _in(
        f"{_F}/api",
        "order_checks",
        "only_signed_and_recent_reports_count",
        "an_order_is_placed_with_a_reason_or_not_at_all",
    ),
    "an institution sees its own patients alone": _in(
        f"{_F}/api", "isolation", "every_door_with_an_identity_is_shut_to_the_other_clinic"
    ),
    "the audit chain shows every tampering": _in("unit/storage", "audit", "every_tampering_is_found"),
    "interns' words are confirmed by a senior": _in(
        _U, "signatures", "as_shipped_ecgs_have_one_signature_and_all_else_two_and_residents_always"
    ),
    "every change of rules and rosters is on the audit chain": _in(
        _U, "rulebook", "only_managers_change_rules_and_each_change_is_on_the_chain"
    )
    + _in(_U, "rosters", "every_change_is_audited_and_the_chain_holds"),
    "notices hold nothing of the patient": _in(_U, "escalating", "a_notice_holds_nothing_of_the_patient"),
    "green channel: P0 and its case are inherited": _in(
        _U,
        "green_channel",
        "whoever_says_so_the_case_becomes_p0_and_an_event_tells_it",
        "what_else_is_examined_of_the_patient_inherits_it_within_the_window",
    ),
    "green channel: ordered moments, each once, the missing shown": _in(
        _U, "green_channel", "every_moment_is_told_once_and_in_its_order"
    ),
    "green channel: orders of other systems say it": _in(
        _U, "green_orders", "an_order_says_it_by_priority_reason_or_words"
    ),
    "retake: a coded reason, the marked image, guidance": _in(
        _U,
        "quality",
        "a_return_makes_an_order_that_counts_against_the_site",
        "a_return_names_an_image_of_its_own_study_alone",
    ),
    "peer review is drawn, and never by author or signer": _in(
        _U,
        "quality",
        "the_draw_follows_from_seed_and_signature_and_takes_its_share",
        "a_review_is_never_given_by_its_author_or_signer",
    ),
    "preliminary against final": _in(
        _U, "preliminary", "the_clinic_gets_it_at_once_and_the_final_one_under_the_next_number"
    ),
    "writing rules are checked before the signature": _in(
        _U, "quality", "a_blocking_fault_stops_the_signature_until_it_is_overridden_with_a_reason"
    ),
    "uncovered shifts are told before they come": _in(
        _U, "roster_warnings", "each_day_that_lacks_somebody_is_told_once"
    ),
}

SETTLEMENT: Mapping[str, tuple[str, ...]] = {
    "a tariff in versions, by modality, class, contract and day": _in(
        _U,
        "settlement",
        "the_first_final_report_is_charged_by_the_price_list",
        "urgent_readings_cost_the_surcharge_of_their_class",
        "a_clinic_pays_by_its_contract_and_its_readers_earn_the_same",
        "the_price_is_that_of_the_edition_in_force_when_it_was_signed",
        "an_item_may_be_for_some_body_parts_alone",
        "a_price_list_that_makes_no_sense_is_refused",
    ),
    "accrued on the final report": _in(_U, "settlement", "a_preliminary_report_is_not_charged"),
    "nothing for amendments and duplicates": _in(
        _U,
        "settlement",
        "an_amendment_by_the_centre_is_free",
        "a_second_report_of_a_study_is_a_duplicate_and_free",
        "a_withdrawn_duplicate_gives_nothing_back",
    ),
    "a withdrawn report is given back": _in(
        _U,
        "settlement",
        "a_withdrawn_report_is_given_back_and_what_takes_its_place_is_charged",
        "a_withdrawal_counts_in_its_own_month",
    ),
    "half for a retake that was never made": _in(_U, "settlement", "what_ends_as_unreadable_costs_half"),
    "what each reader did": _in(_U, "settlement", "a_reader_earns_what_he_reads_and_signs"),
    "a monthly statement, frozen with a hash": _in(
        _U,
        "settlement",
        "a_month_is_closed_when_it_is_over_and_in_order",
        "a_closed_month_never_changes_and_shows_that_it_has_not",
        "months_are_tied_to_one_another",
    ),
    "seven days to object, corrections in the next month": _in(
        _U,
        "settlement",
        "a_clinic_objects_within_days_and_a_correction_is_a_new_line",
        "after_the_days_nobody_objects_but_the_centre_still_corrects",
        "a_refused_objection_changes_nothing",
    ),
}

RULES: Mapping[str, tuple[str, ...]] = {
    f"{chapter}: {rule}": tests
    for chapter, rules in (
        ("facts", FACTS),
        ("standards", STANDARDS),
        ("choice", CHOICE),
        ("states", STATES),
        ("machine", RULES_OF_THE_MACHINE),
        ("times", TIMES),
        ("critical lists", LISTS),
        ("records", RECORDS),
        ("settlement", SETTLEMENT),
    )
    for rule, tests in rules.items()
}
