CREATE TABLE digest_round (
  zone VARCHAR NOT NULL,
  due_at BIGINT NOT NULL,
  told_until BIGINT NOT NULL,
  begun_at BIGINT,
  done_person_id INTEGER NOT NULL,
  CONSTRAINT pk_digest_round PRIMARY KEY (zone),
  CONSTRAINT ck_digest_round_under_way CHECK (begun_at IS NOT NULL OR done_person_id = 0)
);

CREATE INDEX ix_digest_round_due_at ON digest_round (due_at);

CREATE TABLE installation (
  name VARCHAR NOT NULL,
  value VARCHAR NOT NULL,
  CONSTRAINT pk_installation PRIMARY KEY (name)
);

CREATE TABLE login_attempt (
  id SERIAL NOT NULL,
  account_hash VARCHAR NOT NULL,
  address VARCHAR NOT NULL,
  at BIGINT NOT NULL,
  ok BOOLEAN NOT NULL,
  CONSTRAINT pk_login_attempt PRIMARY KEY (id)
);

CREATE INDEX ix_login_attempt_account_hash_at ON login_attempt (account_hash, at);

CREATE INDEX ix_login_attempt_address_at ON login_attempt (address, at);

CREATE TABLE organisation (
  id SERIAL NOT NULL,
  parent_id INTEGER,
  kind VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  short_name VARCHAR NOT NULL,
  zone VARCHAR NOT NULL,
  path VARCHAR NOT NULL,
  sort_key VARCHAR COLLATE "C" NOT NULL,
  CONSTRAINT pk_organisation PRIMARY KEY (id),
  CONSTRAINT ck_organisation_kind CHECK (kind IN ('municipality', 'office', 'school')),
  CONSTRAINT ck_organisation_named CHECK (name <> ''),
  CONSTRAINT uq_organisation_path UNIQUE (path),
  CONSTRAINT uq_organisation_parent_id_name UNIQUE (parent_id, name),
  CONSTRAINT fk_organisation_parent_id FOREIGN KEY(parent_id) REFERENCES organisation (id)
);

CREATE TABLE person (
  id SERIAL NOT NULL,
  name VARCHAR NOT NULL,
  email VARCHAR NOT NULL,
  password_hash VARCHAR,
  active BOOLEAN NOT NULL,
  sort_key VARCHAR COLLATE "C" NOT NULL,
  CONSTRAINT pk_person PRIMARY KEY (id),
  CONSTRAINT ck_person_named CHECK (name <> ''),
  CONSTRAINT ck_person_email CHECK (email = lower(email) AND email LIKE '%_@_%'),
  CONSTRAINT uq_person_email UNIQUE (email)
);

CREATE TABLE channel (
  person_id INTEGER NOT NULL,
  kind VARCHAR NOT NULL,
  way VARCHAR NOT NULL,
  CONSTRAINT pk_channel PRIMARY KEY (person_id, kind),
  CONSTRAINT ck_channel_way CHECK (way IN ('site', 'digest', 'mail')),
  CONSTRAINT ck_channel_kind CHECK (kind <> ''),
  CONSTRAINT fk_channel_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE TABLE cycle (
  id SERIAL NOT NULL,
  organisation_id INTEGER NOT NULL,
  definition_key VARCHAR NOT NULL,
  school_year INTEGER NOT NULL,
  name VARCHAR NOT NULL,
  settings TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  CONSTRAINT pk_cycle PRIMARY KEY (id),
  CONSTRAINT uq_cycle_organisation_id_definition_key_school_year UNIQUE (organisation_id, definition_key, school_year),
  CONSTRAINT ck_cycle_school_year CHECK (school_year BETWEEN 2000 AND 2100),
  CONSTRAINT fk_cycle_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
);

CREATE TABLE definition (
  id SERIAL NOT NULL,
  key VARCHAR NOT NULL,
  number INTEGER NOT NULL,
  hash VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  main_file VARCHAR NOT NULL,
  deployed_at BIGINT NOT NULL,
  deployed_by INTEGER,
  CONSTRAINT pk_definition PRIMARY KEY (id),
  CONSTRAINT uq_definition_key_number UNIQUE (key, number),
  CONSTRAINT uq_definition_key_hash UNIQUE (key, hash),
  CONSTRAINT ck_definition_number CHECK (number > 0),
  CONSTRAINT ck_definition_hash CHECK (length(hash) = 64),
  CONSTRAINT fk_definition_deployed_by FOREIGN KEY(deployed_by) REFERENCES person (id)
);

CREATE TABLE document_template (
  id SERIAL NOT NULL,
  organisation_id INTEGER NOT NULL,
  kind VARCHAR NOT NULL,
  version INTEGER NOT NULL,
  name VARCHAR NOT NULL,
  content BYTEA NOT NULL,
  person_id INTEGER NOT NULL,
  at BIGINT NOT NULL,
  CONSTRAINT pk_document_template PRIMARY KEY (id),
  CONSTRAINT uq_document_template_organisation_id_kind_version UNIQUE (organisation_id, kind, version),
  CONSTRAINT ck_document_template_kind CHECK (kind IN ('order', 'decision', 'minutes', 'conclusion', 'dissent', 'opinion', 'analysis', 'goals', 'request', 'agenda', 'list', 'declaration', 'programme', 'observation', 'record', 'acquaintance', 'answer', 'plan', 'control', 'publication', 'note')),
  CONSTRAINT ck_document_template_version CHECK (version > 0),
  CONSTRAINT fk_document_template_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
  CONSTRAINT fk_document_template_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE TABLE former_membership (
  id SERIAL NOT NULL,
  person_id INTEGER NOT NULL,
  organisation_id INTEGER NOT NULL,
  role VARCHAR NOT NULL,
  ended_at BIGINT NOT NULL,
  CONSTRAINT pk_former_membership PRIMARY KEY (id),
  CONSTRAINT ck_former_membership_role CHECK (role IN ('deputy', 'director', 'administration', 'secretary', 'teacher', 'expert', 'lead', 'coordinator', 'head', 'administrator')),
  CONSTRAINT fk_former_membership_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_former_membership_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
);

CREATE INDEX ix_former_membership_person_id ON former_membership (person_id);

CREATE TABLE membership (
  person_id INTEGER NOT NULL,
  organisation_id INTEGER NOT NULL,
  role VARCHAR NOT NULL,
  CONSTRAINT pk_membership PRIMARY KEY (person_id, organisation_id, role),
  CONSTRAINT ck_membership_role CHECK (role IN ('deputy', 'director', 'administration', 'secretary', 'teacher', 'expert', 'lead', 'coordinator', 'head', 'administrator')),
  CONSTRAINT fk_membership_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_membership_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
);

CREATE INDEX ix_membership_organisation_id_role ON membership (organisation_id, role);

CREATE TABLE preference (
  person_id INTEGER NOT NULL,
  language VARCHAR NOT NULL,
  quiet_from INTEGER NOT NULL,
  quiet_until INTEGER NOT NULL,
  CONSTRAINT pk_preference PRIMARY KEY (person_id),
  CONSTRAINT ck_preference_language CHECK (language IN ('ru', 'en')),
  CONSTRAINT ck_preference_quiet CHECK (quiet_from BETWEEN 0 AND 23 AND quiet_until BETWEEN 0 AND 23 AND quiet_from <> quiet_until),
  CONSTRAINT fk_preference_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE TABLE saved_filter (
  id SERIAL NOT NULL,
  person_id INTEGER NOT NULL,
  organisation_id INTEGER,
  page VARCHAR NOT NULL,
  name VARCHAR COLLATE "C" NOT NULL,
  query VARCHAR NOT NULL,
  CONSTRAINT pk_saved_filter PRIMARY KEY (id),
  CONSTRAINT ck_saved_filter_page CHECK (page IN ('tasks', 'cases')),
  CONSTRAINT ck_saved_filter_named CHECK (name <> ''),
  CONSTRAINT uq_saved_filter_person_id_page_name UNIQUE (person_id, page, name),
  CONSTRAINT fk_saved_filter_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_saved_filter_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
);

CREATE INDEX ix_saved_filter_organisation_id ON saved_filter (organisation_id);

CREATE TABLE school_unit (
  id SERIAL NOT NULL,
  organisation_id INTEGER NOT NULL,
  kind VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  head_id INTEGER,
  CONSTRAINT pk_school_unit PRIMARY KEY (id),
  CONSTRAINT uq_school_unit_organisation_id_kind_name UNIQUE (organisation_id, kind, name),
  CONSTRAINT ck_school_unit_kind CHECK (kind IN ('class', 'association')),
  CONSTRAINT ck_school_unit_named CHECK (name <> ''),
  CONSTRAINT fk_school_unit_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
  CONSTRAINT fk_school_unit_head_id FOREIGN KEY(head_id) REFERENCES person (id)
);

CREATE TABLE web_session (
  id_hash VARCHAR NOT NULL,
  person_id INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  csrf VARCHAR NOT NULL,
  address VARCHAR NOT NULL,
  device VARCHAR NOT NULL,
  CONSTRAINT pk_web_session PRIMARY KEY (id_hash),
  CONSTRAINT ck_web_session_expires CHECK (expires_at > created_at),
  CONSTRAINT fk_web_session_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_web_session_person_id ON web_session (person_id);

CREATE TABLE cases (
  id SERIAL NOT NULL,
  cycle_id INTEGER NOT NULL,
  organisation_id INTEGER NOT NULL,
  definition_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  status VARCHAR NOT NULL,
  stage VARCHAR NOT NULL,
  outcome VARCHAR NOT NULL,
  version INTEGER NOT NULL,
  state BYTEA NOT NULL,
  started_at BIGINT NOT NULL,
  started_by INTEGER,
  ended_at BIGINT,
  previous_id INTEGER,
  CONSTRAINT pk_cases PRIMARY KEY (id),
  CONSTRAINT uq_cases_cycle_id_organisation_id_number UNIQUE (cycle_id, organisation_id, number),
  CONSTRAINT ck_cases_status CHECK (status IN ('running', 'suspended', 'completed', 'failed', 'cancelled')),
  CONSTRAINT ck_cases_number CHECK (number > 0),
  CONSTRAINT ck_cases_version CHECK (version > 0),
  CONSTRAINT ck_cases_ended CHECK ((ended_at IS NULL) = (status IN ('running', 'suspended'))),
  CONSTRAINT fk_cases_cycle_id FOREIGN KEY(cycle_id) REFERENCES cycle (id),
  CONSTRAINT fk_cases_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
  CONSTRAINT fk_cases_definition_id FOREIGN KEY(definition_id) REFERENCES definition (id),
  CONSTRAINT fk_cases_started_by FOREIGN KEY(started_by) REFERENCES person (id),
  CONSTRAINT fk_cases_previous_id FOREIGN KEY(previous_id) REFERENCES cases (id)
);

CREATE INDEX ix_cases_cycle_id_status_stage ON cases (cycle_id, status, stage);

CREATE INDEX ix_cases_organisation_id_status ON cases (organisation_id, status);

CREATE TABLE definition_file (
  definition_id INTEGER NOT NULL,
  name VARCHAR NOT NULL,
  content BYTEA NOT NULL,
  CONSTRAINT pk_definition_file PRIMARY KEY (definition_id, name),
  CONSTRAINT fk_definition_file_definition_id FOREIGN KEY(definition_id) REFERENCES definition (id)
);

CREATE TABLE start_subscription (
  definition_key VARCHAR NOT NULL,
  element VARCHAR NOT NULL,
  definition_id INTEGER NOT NULL,
  kind VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  due_at BIGINT,
  CONSTRAINT pk_start_subscription PRIMARY KEY (definition_key, element),
  CONSTRAINT ck_start_subscription_kind CHECK (kind IN ('timer', 'message', 'signal')),
  CONSTRAINT ck_start_subscription_due_at CHECK ((kind = 'timer') = (due_at IS NOT NULL)),
  CONSTRAINT fk_start_subscription_definition_id FOREIGN KEY(definition_id) REFERENCES definition (id)
);

CREATE INDEX ix_start_subscription_due_at ON start_subscription (due_at);

CREATE INDEX ix_start_subscription_kind_name ON start_subscription (kind, name);

CREATE TABLE comparison (
  id SERIAL NOT NULL,
  case_id INTEGER NOT NULL,
  source VARCHAR NOT NULL,
  subject VARCHAR NOT NULL,
  grade VARCHAR NOT NULL,
  measure VARCHAR NOT NULL,
  value DOUBLE PRECISION NOT NULL,
  students INTEGER,
  last_year DOUBLE PRECISION,
  change DOUBLE PRECISION,
  peers INTEGER NOT NULL,
  peer_mean DOUBLE PRECISION,
  peer_median DOUBLE PRECISION,
  percentile DOUBLE PRECISION,
  verdict VARCHAR NOT NULL,
  caution BOOLEAN NOT NULL,
  CONSTRAINT pk_comparison PRIMARY KEY (id),
  CONSTRAINT uq_comparison_case_id_source_subject_grade_measure UNIQUE (case_id, source, subject, grade, measure),
  CONSTRAINT ck_comparison_peers CHECK (peers >= 0),
  CONSTRAINT ck_comparison_percentile CHECK (percentile BETWEEN 0 AND 100),
  CONSTRAINT ck_comparison_peer_mean CHECK ((peers = 0) = (peer_mean IS NULL)),
  CONSTRAINT fk_comparison_case_id FOREIGN KEY(case_id) REFERENCES cases (id)
);

CREATE TABLE complaint (
  id SERIAL NOT NULL,
  case_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  by_id INTEGER,
  text VARCHAR NOT NULL,
  at BIGINT NOT NULL,
  verdict VARCHAR NOT NULL,
  decided_at BIGINT,
  CONSTRAINT pk_complaint PRIMARY KEY (id),
  CONSTRAINT ck_complaint_text CHECK (text <> ''),
  CONSTRAINT ck_complaint_decided CHECK ((decided_at IS NULL) = (verdict = '')),
  CONSTRAINT fk_complaint_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
  CONSTRAINT fk_complaint_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_complaint_by_id FOREIGN KEY(by_id) REFERENCES person (id)
);

CREATE INDEX ix_complaint_case_id ON complaint (case_id);

CREATE TABLE criterion (
  id SERIAL NOT NULL,
  case_id INTEGER NOT NULL,
  code VARCHAR NOT NULL,
  title VARCHAR NOT NULL,
  scale VARCHAR NOT NULL,
  weight DOUBLE PRECISION NOT NULL,
  optional BOOLEAN NOT NULL,
  CONSTRAINT pk_criterion PRIMARY KEY (id),
  CONSTRAINT uq_criterion_case_id_code UNIQUE (case_id, code),
  CONSTRAINT ck_criterion_weight CHECK (weight > 0),
  CONSTRAINT ck_criterion_titled CHECK (title <> ''),
  CONSTRAINT fk_criterion_case_id FOREIGN KEY(case_id) REFERENCES cases (id)
);

CREATE TABLE goal (
  id SERIAL NOT NULL,
  case_id INTEGER NOT NULL,
  code VARCHAR NOT NULL,
  title VARCHAR NOT NULL,
  indicator VARCHAR NOT NULL,
  target DOUBLE PRECISION,
  priority VARCHAR NOT NULL,
  revision INTEGER NOT NULL,
  dropped BOOLEAN NOT NULL,
  classification VARCHAR NOT NULL,
  CONSTRAINT pk_goal PRIMARY KEY (id),
  CONSTRAINT uq_goal_case_id_code UNIQUE (case_id, code),
  CONSTRAINT ck_goal_titled CHECK (title <> ''),
  CONSTRAINT ck_goal_classification CHECK (classification IN ('', 'own', 'help', 'experts', 'tie')),
  CONSTRAINT ck_goal_priority CHECK (priority IN ('high', 'middle', 'low')),
  CONSTRAINT ck_goal_revision CHECK (revision > 0),
  CONSTRAINT fk_goal_case_id FOREIGN KEY(case_id) REFERENCES cases (id)
);

CREATE TABLE ground (
  case_id INTEGER NOT NULL,
  ground VARCHAR NOT NULL,
  at BIGINT NOT NULL,
  CONSTRAINT pk_ground PRIMARY KEY (case_id, ground),
  CONSTRAINT ck_ground_ground CHECK (ground IN ('experts', 'transparency', 'competitiveness')),
  CONSTRAINT fk_ground_case_id FOREIGN KEY(case_id) REFERENCES cases (id)
);

CREATE TABLE incident (
  id SERIAL NOT NULL,
  case_id INTEGER,
  at BIGINT NOT NULL,
  kind VARCHAR NOT NULL,
  element VARCHAR NOT NULL,
  sentence VARCHAR NOT NULL,
  job_id BIGINT,
  state_before BYTEA,
  resolved_at BIGINT,
  resolved_by INTEGER,
  resolution VARCHAR NOT NULL,
  CONSTRAINT pk_incident PRIMARY KEY (id),
  CONSTRAINT ck_incident_resolved CHECK ((resolved_at IS NULL) = (resolution = '')),
  CONSTRAINT fk_incident_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
  CONSTRAINT fk_incident_resolved_by FOREIGN KEY(resolved_by) REFERENCES person (id)
);

CREATE INDEX ix_incident_case_id ON incident (case_id);

CREATE INDEX ix_incident_unresolved ON incident (at) WHERE resolved_at IS NULL;

CREATE TABLE job (
  id BIGINT NOT NULL,
  case_id INTEGER NOT NULL,
  service VARCHAR NOT NULL,
  inputs TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  attempts INTEGER NOT NULL,
  last_error VARCHAR NOT NULL,
  CONSTRAINT pk_job PRIMARY KEY (id),
  CONSTRAINT ck_job_attempts CHECK (attempts >= 0),
  CONSTRAINT fk_job_case_id FOREIGN KEY(case_id) REFERENCES cases (id)
);

CREATE INDEX ix_job_case_id ON job (case_id);

CREATE INDEX ix_job_due_at_id ON job (due_at, id);

CREATE TABLE journal (
  seq SERIAL NOT NULL,
  at BIGINT NOT NULL,
  case_id INTEGER,
  task_id BIGINT,
  actor_id INTEGER,
  event VARCHAR NOT NULL,
  element VARCHAR NOT NULL,
  data TEXT,
  CONSTRAINT pk_journal PRIMARY KEY (seq),
  CONSTRAINT fk_journal_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
  CONSTRAINT fk_journal_actor_id FOREIGN KEY(actor_id) REFERENCES person (id)
);

CREATE INDEX ix_journal_case_id ON journal (case_id);

CREATE TABLE merged_score (
  id SERIAL NOT NULL,
  case_id INTEGER NOT NULL,
  scored VARCHAR NOT NULL,
  scored_id INTEGER NOT NULL,
  label VARCHAR NOT NULL,
  experts INTEGER NOT NULL,
  mean DOUBLE PRECISION NOT NULL,
  lowest DOUBLE PRECISION NOT NULL,
  highest DOUBLE PRECISION NOT NULL,
  diverges BOOLEAN NOT NULL,
  agreed DOUBLE PRECISION,
  reason VARCHAR NOT NULL,
  CONSTRAINT pk_merged_score PRIMARY KEY (id),
  CONSTRAINT uq_merged_score_case_id_scored_scored_id UNIQUE (case_id, scored, scored_id),
  CONSTRAINT ck_merged_score_scored CHECK (scored IN ('criterion', 'goal')),
  CONSTRAINT ck_merged_score_range CHECK (lowest BETWEEN 0 AND highest AND highest <= 4),
  CONSTRAINT ck_merged_score_mean CHECK (mean BETWEEN lowest AND highest),
  CONSTRAINT ck_merged_score_agreed CHECK (agreed BETWEEN 0 AND 4),
  CONSTRAINT ck_merged_score_reason CHECK (agreed IS NULL OR reason <> ''),
  CONSTRAINT fk_merged_score_case_id FOREIGN KEY(case_id) REFERENCES cases (id)
);

CREATE TABLE notice (
  id SERIAL NOT NULL,
  person_id INTEGER NOT NULL,
  at BIGINT NOT NULL,
  kind VARCHAR NOT NULL,
  case_id INTEGER,
  task_id BIGINT,
  tasks TEXT,
  sentence VARCHAR NOT NULL,
  dedup_key VARCHAR NOT NULL,
  read_at BIGINT,
  digested_at BIGINT,
  CONSTRAINT pk_notice PRIMARY KEY (id),
  CONSTRAINT uq_notice_dedup_key UNIQUE (dedup_key),
  CONSTRAINT ck_notice_sentence CHECK (sentence <> ''),
  CONSTRAINT fk_notice_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_notice_case_id FOREIGN KEY(case_id) REFERENCES cases (id)
);

CREATE INDEX ix_notice_person_id_id ON notice (person_id, id);

CREATE INDEX ix_notice_undigested ON notice (person_id) WHERE digested_at IS NULL;

CREATE INDEX ix_notice_unread ON notice (person_id, id) WHERE read_at IS NULL;

CREATE TABLE outbox (
  id SERIAL NOT NULL,
  kind VARCHAR NOT NULL,
  person_id INTEGER,
  subject VARCHAR NOT NULL,
  body VARCHAR NOT NULL,
  payload TEXT,
  case_id INTEGER,
  dedup_key VARCHAR NOT NULL,
  created_at BIGINT NOT NULL,
  not_before BIGINT NOT NULL,
  lease_until BIGINT,
  attempts INTEGER NOT NULL,
  sent_at BIGINT,
  given_up_at BIGINT,
  last_error VARCHAR NOT NULL,
  CONSTRAINT pk_outbox PRIMARY KEY (id),
  CONSTRAINT uq_outbox_dedup_key UNIQUE (dedup_key),
  CONSTRAINT ck_outbox_kind CHECK (kind IN ('mail', 'message', 'signal')),
  CONSTRAINT ck_outbox_attempts CHECK (attempts >= 0),
  CONSTRAINT ck_outbox_person CHECK ((kind = 'mail') = (person_id IS NOT NULL)),
  CONSTRAINT ck_outbox_given_up CHECK (sent_at IS NULL OR given_up_at IS NULL),
  CONSTRAINT fk_outbox_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_outbox_case_id FOREIGN KEY(case_id) REFERENCES cases (id)
);

CREATE INDEX ix_outbox_person ON outbox (person_id, id) WHERE sent_at IS NULL AND given_up_at IS NULL;

CREATE INDEX ix_outbox_unsent ON outbox (kind, not_before, id) WHERE sent_at IS NULL AND given_up_at IS NULL;

CREATE TABLE panel_member (
  id SERIAL NOT NULL,
  case_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  kind VARCHAR NOT NULL,
  state VARCHAR NOT NULL,
  is_lead BOOLEAN NOT NULL,
  organisation VARCHAR NOT NULL,
  competence VARCHAR NOT NULL,
  contacts VARCHAR NOT NULL,
  restriction VARCHAR NOT NULL,
  since BIGINT NOT NULL,
  reason VARCHAR NOT NULL,
  CONSTRAINT pk_panel_member PRIMARY KEY (id),
  CONSTRAINT uq_panel_member_case_id_person_id UNIQUE (case_id, person_id),
  CONSTRAINT ck_panel_member_kind CHECK (kind IN ('public', 'professional')),
  CONSTRAINT ck_panel_member_state CHECK (state IN ('candidate', 'declined', 'recused', 'reserve', 'member', 'withdrawn')),
  CONSTRAINT ck_panel_member_lead_is_member CHECK (NOT is_lead OR state = 'member'),
  CONSTRAINT fk_panel_member_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
  CONSTRAINT fk_panel_member_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_panel_member_person_id_state ON panel_member (person_id, state);

CREATE UNIQUE INDEX uq_panel_member_lead ON panel_member (case_id) WHERE is_lead;

CREATE TABLE subscription (
  id BIGINT NOT NULL,
  case_id INTEGER NOT NULL,
  kind VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  keys VARCHAR NOT NULL,
  CONSTRAINT pk_subscription PRIMARY KEY (id),
  CONSTRAINT ck_subscription_kind CHECK (kind IN ('message', 'signal')),
  CONSTRAINT fk_subscription_case_id FOREIGN KEY(case_id) REFERENCES cases (id)
);

CREATE INDEX ix_subscription_case_id ON subscription (case_id);

CREATE INDEX ix_subscription_kind_name_keys ON subscription (kind, name, keys);

CREATE TABLE task (
  id BIGINT NOT NULL,
  case_id INTEGER NOT NULL,
  organisation_id INTEGER NOT NULL,
  element VARCHAR NOT NULL,
  title VARCHAR NOT NULL,
  item VARCHAR NOT NULL,
  stage VARCHAR NOT NULL,
  form VARCHAR NOT NULL,
  role VARCHAR NOT NULL,
  personal BOOLEAN NOT NULL,
  assignee_id INTEGER,
  owner_id INTEGER,
  priority INTEGER NOT NULL,
  state INTEGER NOT NULL,
  opened_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  claimed_at BIGINT,
  ended_at BIGINT,
  done_by INTEGER,
  remind VARCHAR NOT NULL,
  rung INTEGER NOT NULL,
  remind_at BIGINT,
  CONSTRAINT pk_task PRIMARY KEY (id),
  CONSTRAINT ck_task_state CHECK (state IN (0, 1, 2)),
  CONSTRAINT ck_task_ended CHECK ((state = 0) = (ended_at IS NULL)),
  CONSTRAINT ck_task_done_by CHECK (state <> 1 OR done_by IS NOT NULL),
  CONSTRAINT ck_task_remind_at CHECK (state = 0 OR remind_at IS NULL),
  CONSTRAINT ck_task_personal CHECK (NOT personal OR assignee_id IS NOT NULL),
  CONSTRAINT ck_task_role CHECK (role IN ('', 'deputy', 'director', 'administration', 'secretary', 'teacher', 'expert', 'lead', 'coordinator', 'head', 'administrator')),
  CONSTRAINT ck_task_priority CHECK (priority IN (-1, 0, 1)),
  CONSTRAINT ck_task_owner CHECK (owner_id IS NULL OR (assignee_id IS NOT NULL AND assignee_id <> owner_id)),
  CONSTRAINT fk_task_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
  CONSTRAINT fk_task_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
  CONSTRAINT fk_task_assignee_id FOREIGN KEY(assignee_id) REFERENCES person (id),
  CONSTRAINT fk_task_owner_id FOREIGN KEY(owner_id) REFERENCES person (id),
  CONSTRAINT fk_task_done_by FOREIGN KEY(done_by) REFERENCES person (id)
);

CREATE INDEX ix_task_case_id ON task (case_id);

CREATE INDEX ix_task_delegated ON task (owner_id) WHERE state = 0 AND owner_id IS NOT NULL;

CREATE INDEX ix_task_finished ON task (done_by, ended_at, id) WHERE state = 1;

CREATE INDEX ix_task_mine ON task (assignee_id, due_at, id) WHERE state = 0 AND assignee_id IS NOT NULL;

CREATE INDEX ix_task_open ON task (case_id, due_at) WHERE state = 0;

CREATE INDEX ix_task_remind ON task (remind_at, id) WHERE remind_at IS NOT NULL;

CREATE TABLE timer (
  id BIGINT NOT NULL,
  case_id INTEGER NOT NULL,
  due_at BIGINT NOT NULL,
  attempts INTEGER NOT NULL,
  CONSTRAINT pk_timer PRIMARY KEY (id),
  CONSTRAINT fk_timer_case_id FOREIGN KEY(case_id) REFERENCES cases (id)
);

CREATE INDEX ix_timer_case_id ON timer (case_id);

CREATE INDEX ix_timer_due_at_id ON timer (due_at, id);

CREATE TABLE achievement (
  id SERIAL NOT NULL,
  case_id INTEGER NOT NULL,
  task_id BIGINT NOT NULL,
  class_name VARCHAR NOT NULL,
  student_group VARCHAR NOT NULL,
  event VARCHAR NOT NULL,
  level VARCHAR NOT NULL,
  result VARCHAR NOT NULL,
  achieved_on DATE NOT NULL,
  CONSTRAINT pk_achievement PRIMARY KEY (id),
  CONSTRAINT ck_achievement_level CHECK (level IN ('school', 'district', 'city', 'region', 'country')),
  CONSTRAINT ck_achievement_result CHECK (result IN ('winner', 'prize', 'participant')),
  CONSTRAINT fk_achievement_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
  CONSTRAINT fk_achievement_task_id FOREIGN KEY(task_id) REFERENCES task (id)
);

CREATE INDEX ix_achievement_case_id ON achievement (case_id);

CREATE TABLE briefing (
  id SERIAL NOT NULL,
  case_id INTEGER NOT NULL,
  task_id BIGINT NOT NULL,
  person_id INTEGER NOT NULL,
  briefed_on DATE NOT NULL,
  materials VARCHAR NOT NULL,
  CONSTRAINT pk_briefing PRIMARY KEY (id),
  CONSTRAINT uq_briefing_case_id_person_id UNIQUE (case_id, person_id),
  CONSTRAINT fk_briefing_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
  CONSTRAINT fk_briefing_task_id FOREIGN KEY(task_id) REFERENCES task (id),
  CONSTRAINT fk_briefing_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE TABLE comment (
  id SERIAL NOT NULL,
  case_id INTEGER NOT NULL,
  task_id BIGINT,
  person_id INTEGER NOT NULL,
  at BIGINT NOT NULL,
  text VARCHAR NOT NULL,
  CONSTRAINT pk_comment PRIMARY KEY (id),
  CONSTRAINT ck_comment_text CHECK (text <> ''),
  CONSTRAINT fk_comment_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
  CONSTRAINT fk_comment_task_id FOREIGN KEY(task_id) REFERENCES task (id),
  CONSTRAINT fk_comment_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_comment_case_id_id ON comment (case_id, id);

CREATE INDEX ix_comment_task_id ON comment (task_id);

CREATE TABLE conclusion (
  id SERIAL NOT NULL,
  case_id INTEGER NOT NULL,
  task_id BIGINT NOT NULL,
  stage VARCHAR NOT NULL,
  round INTEGER NOT NULL,
  summary VARCHAR NOT NULL,
  at BIGINT NOT NULL,
  CONSTRAINT pk_conclusion PRIMARY KEY (id),
  CONSTRAINT uq_conclusion_case_id_stage_round UNIQUE (case_id, stage, round),
  CONSTRAINT ck_conclusion_stage CHECK (stage IN ('first', 'control')),
  CONSTRAINT ck_conclusion_round CHECK (round >= 0),
  CONSTRAINT ck_conclusion_summary CHECK (summary <> ''),
  CONSTRAINT fk_conclusion_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
  CONSTRAINT fk_conclusion_task_id FOREIGN KEY(task_id) REFERENCES task (id)
);

CREATE TABLE control_score (
  id SERIAL NOT NULL,
  case_id INTEGER NOT NULL,
  task_id BIGINT NOT NULL,
  round INTEGER NOT NULL,
  goal_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  before DOUBLE PRECISION,
  after DOUBLE PRECISION,
  score INTEGER NOT NULL,
  effective VARCHAR NOT NULL,
  why VARCHAR NOT NULL,
  CONSTRAINT pk_control_score PRIMARY KEY (id),
  CONSTRAINT uq_control_score_case_id_round_goal_id_person_id UNIQUE (case_id, round, goal_id, person_id),
  CONSTRAINT ck_control_score_score CHECK (score BETWEEN 0 AND 4),
  CONSTRAINT ck_control_score_round CHECK (round >= 0),
  CONSTRAINT ck_control_score_effective CHECK (effective IN ('yes', 'partly', 'no')),
  CONSTRAINT ck_control_score_why CHECK (why <> ''),
  CONSTRAINT fk_control_score_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
  CONSTRAINT fk_control_score_task_id FOREIGN KEY(task_id) REFERENCES task (id),
  CONSTRAINT fk_control_score_goal_id FOREIGN KEY(goal_id) REFERENCES goal (id),
  CONSTRAINT fk_control_score_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE TABLE council_decision (
  id SERIAL NOT NULL,
  case_id INTEGER NOT NULL,
  task_id BIGINT NOT NULL,
  met_on DATE NOT NULL,
  members INTEGER NOT NULL,
  present INTEGER NOT NULL,
  votes_for INTEGER NOT NULL,
  votes_against INTEGER NOT NULL,
  abstained INTEGER NOT NULL,
  decision VARCHAR NOT NULL,
  grounds VARCHAR NOT NULL,
  request VARCHAR NOT NULL,
  minutes_number VARCHAR NOT NULL,
  CONSTRAINT pk_council_decision PRIMARY KEY (id),
  CONSTRAINT uq_council_decision_task_id UNIQUE (task_id),
  CONSTRAINT ck_council_decision_decision CHECK (decision IN ('invite', 'decline', 'rework')),
  CONSTRAINT ck_council_decision_quorum CHECK (present <= members AND present * 2 > members),
  CONSTRAINT ck_council_decision_votes_counted CHECK (votes_for >= 0 AND votes_against >= 0 AND abstained >= 0),
  CONSTRAINT ck_council_decision_votes_add_up CHECK (votes_for + votes_against + abstained = present),
  CONSTRAINT ck_council_decision_majority CHECK (decision <> 'invite' OR votes_for * 2 > present),
  CONSTRAINT fk_council_decision_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
  CONSTRAINT fk_council_decision_task_id FOREIGN KEY(task_id) REFERENCES task (id)
);

CREATE INDEX ix_council_decision_case_id ON council_decision (case_id);

CREATE TABLE dataset (
  id SERIAL NOT NULL,
  case_id INTEGER NOT NULL,
  task_id BIGINT,
  round INTEGER NOT NULL,
  source VARCHAR NOT NULL,
  period VARCHAR NOT NULL,
  state VARCHAR NOT NULL,
  why VARCHAR NOT NULL,
  at BIGINT NOT NULL,
  CONSTRAINT pk_dataset PRIMARY KEY (id),
  CONSTRAINT uq_dataset_task_id UNIQUE (task_id),
  CONSTRAINT ck_dataset_round CHECK (round >= 0),
  CONSTRAINT ck_dataset_state CHECK (state IN ('present', 'waived', 'missing')),
  CONSTRAINT ck_dataset_why CHECK ((state = 'present') OR why <> '' OR state = 'missing'),
  CONSTRAINT fk_dataset_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
  CONSTRAINT fk_dataset_task_id FOREIGN KEY(task_id) REFERENCES task (id)
);

CREATE INDEX ix_dataset_case_id_round_source ON dataset (case_id, round, source);

CREATE TABLE deadline_change (
  id SERIAL NOT NULL,
  task_id BIGINT NOT NULL,
  due_before BIGINT NOT NULL,
  due_after BIGINT NOT NULL,
  reason VARCHAR NOT NULL,
  person_id INTEGER,
  at BIGINT NOT NULL,
  CONSTRAINT pk_deadline_change PRIMARY KEY (id),
  CONSTRAINT ck_deadline_change_reason CHECK (reason <> ''),
  CONSTRAINT ck_deadline_change_moved CHECK (due_before <> due_after),
  CONSTRAINT fk_deadline_change_task_id FOREIGN KEY(task_id) REFERENCES task (id),
  CONSTRAINT fk_deadline_change_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_deadline_change_task_id ON deadline_change (task_id);

CREATE TABLE declaration (
  id SERIAL NOT NULL,
  case_id INTEGER NOT NULL,
  task_id BIGINT NOT NULL,
  person_id INTEGER NOT NULL,
  agree BOOLEAN NOT NULL,
  employed_here BOOLEAN NOT NULL,
  relative_here BOOLEAN NOT NULL,
  child_here BOOLEAN NOT NULL,
  paid_services_3y BOOLEAN NOT NULL,
  subordinate BOOLEAN NOT NULL,
  other VARCHAR NOT NULL,
  restriction VARCHAR NOT NULL,
  confidentiality BOOLEAN NOT NULL,
  personal_data_consent BOOLEAN NOT NULL,
  at BIGINT NOT NULL,
  CONSTRAINT pk_declaration PRIMARY KEY (id),
  CONSTRAINT uq_declaration_task_id UNIQUE (task_id),
  CONSTRAINT ck_declaration_consents CHECK (NOT agree OR (confidentiality AND personal_data_consent)),
  CONSTRAINT fk_declaration_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
  CONSTRAINT fk_declaration_task_id FOREIGN KEY(task_id) REFERENCES task (id),
  CONSTRAINT fk_declaration_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_declaration_case_id_person_id ON declaration (case_id, person_id);

CREATE TABLE deficit (
  id SERIAL NOT NULL,
  case_id INTEGER NOT NULL,
  task_id BIGINT NOT NULL,
  indicator VARCHAR NOT NULL,
  finding VARCHAR NOT NULL,
  evidence VARCHAR NOT NULL,
  cause VARCHAR NOT NULL,
  CONSTRAINT pk_deficit PRIMARY KEY (id),
  CONSTRAINT fk_deficit_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
  CONSTRAINT fk_deficit_task_id FOREIGN KEY(task_id) REFERENCES task (id)
);

CREATE INDEX ix_deficit_case_id ON deficit (case_id);

CREATE TABLE dissent (
  id SERIAL NOT NULL,
  case_id INTEGER NOT NULL,
  task_id BIGINT NOT NULL,
  person_id INTEGER NOT NULL,
  stage VARCHAR NOT NULL,
  text VARCHAR NOT NULL,
  at BIGINT NOT NULL,
  CONSTRAINT pk_dissent PRIMARY KEY (id),
  CONSTRAINT uq_dissent_task_id UNIQUE (task_id),
  CONSTRAINT ck_dissent_stage CHECK (stage IN ('reconcile', 'sign')),
  CONSTRAINT ck_dissent_text CHECK (text <> ''),
  CONSTRAINT fk_dissent_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
  CONSTRAINT fk_dissent_task_id FOREIGN KEY(task_id) REFERENCES task (id),
  CONSTRAINT fk_dissent_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_dissent_case_id ON dissent (case_id);

CREATE TABLE document (
  id SERIAL NOT NULL,
  case_id INTEGER NOT NULL,
  task_id BIGINT,
  stage VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,
  number VARCHAR NOT NULL,
  dated_on DATE NOT NULL,
  title VARCHAR NOT NULL,
  text VARCHAR NOT NULL,
  signatory_id INTEGER,
  at BIGINT NOT NULL,
  CONSTRAINT pk_document PRIMARY KEY (id),
  CONSTRAINT uq_document_case_id_kind_number UNIQUE (case_id, kind, number),
  CONSTRAINT ck_document_kind CHECK (kind IN ('order', 'decision', 'minutes', 'conclusion', 'dissent', 'opinion', 'analysis', 'goals', 'request', 'agenda', 'list', 'declaration', 'programme', 'observation', 'record', 'acquaintance', 'answer', 'plan', 'control', 'publication', 'note')),
  CONSTRAINT ck_document_numbered CHECK (number <> ''),
  CONSTRAINT ck_document_titled CHECK (title <> ''),
  CONSTRAINT fk_document_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
  CONSTRAINT fk_document_task_id FOREIGN KEY(task_id) REFERENCES task (id),
  CONSTRAINT fk_document_signatory_id FOREIGN KEY(signatory_id) REFERENCES person (id)
);

CREATE INDEX ix_document_task_id ON document (task_id);

CREATE TABLE draft (
  task_id BIGINT NOT NULL,
  person_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  tab VARCHAR NOT NULL,
  saved_at BIGINT NOT NULL,
  fields TEXT NOT NULL,
  CONSTRAINT pk_draft PRIMARY KEY (task_id, person_id),
  CONSTRAINT ck_draft_version CHECK (version > 0),
  CONSTRAINT fk_draft_task_id FOREIGN KEY(task_id) REFERENCES task (id),
  CONSTRAINT fk_draft_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE TABLE extension_request (
  id SERIAL NOT NULL,
  task_id BIGINT NOT NULL,
  person_id INTEGER NOT NULL,
  wanted_at BIGINT NOT NULL,
  reason VARCHAR NOT NULL,
  at BIGINT NOT NULL,
  granted BOOLEAN,
  decided_by INTEGER,
  decided_at BIGINT,
  answer VARCHAR NOT NULL,
  CONSTRAINT pk_extension_request PRIMARY KEY (id),
  CONSTRAINT ck_extension_request_reason CHECK (reason <> ''),
  CONSTRAINT ck_extension_request_decided CHECK ((decided_at IS NULL) = (granted IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)),
  CONSTRAINT fk_extension_request_task_id FOREIGN KEY(task_id) REFERENCES task (id),
  CONSTRAINT fk_extension_request_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_extension_request_decided_by FOREIGN KEY(decided_by) REFERENCES person (id)
);

CREATE UNIQUE INDEX ix_extension_request_open ON extension_request (task_id) WHERE decided_at IS NULL;

CREATE INDEX ix_extension_request_task_id ON extension_request (task_id);

CREATE TABLE management_decision (
  id SERIAL NOT NULL,
  case_id INTEGER NOT NULL,
  task_id BIGINT NOT NULL,
  round INTEGER NOT NULL,
  decision VARCHAR NOT NULL,
  text VARCHAR NOT NULL,
  effective BOOLEAN NOT NULL,
  decided_on DATE NOT NULL,
  CONSTRAINT pk_management_decision PRIMARY KEY (id),
  CONSTRAINT uq_management_decision_task_id UNIQUE (task_id),
  CONSTRAINT ck_management_decision_decision CHECK (decision IN ('close', 'keep_practice', 'extend_measures', 'change_programme', 'staff', 'resources', 'repeat', 'ask_office')),
  CONSTRAINT ck_management_decision_round CHECK (round >= 0),
  CONSTRAINT fk_management_decision_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
  CONSTRAINT fk_management_decision_task_id FOREIGN KEY(task_id) REFERENCES task (id)
);

CREATE INDEX ix_management_decision_case_id ON management_decision (case_id);

CREATE TABLE measure (
  id SERIAL NOT NULL,
  case_id INTEGER NOT NULL,
  task_id BIGINT NOT NULL,
  goal_id INTEGER NOT NULL,
  round INTEGER NOT NULL,
  own BOOLEAN NOT NULL,
  text VARCHAR NOT NULL,
  responsible_id INTEGER NOT NULL,
  due_on DATE NOT NULL,
  indicator VARCHAR NOT NULL,
  target DOUBLE PRECISION,
  recommendation VARCHAR NOT NULL,
  done VARCHAR NOT NULL,
  value DOUBLE PRECISION,
  comment VARCHAR NOT NULL,
  reported_at BIGINT,
  CONSTRAINT pk_measure PRIMARY KEY (id),
  CONSTRAINT ck_measure_text CHECK (text <> ''),
  CONSTRAINT ck_measure_round CHECK (round >= 0),
  CONSTRAINT ck_measure_done CHECK (done IN ('', 'yes', 'partly', 'no')),
  CONSTRAINT ck_measure_reported CHECK ((done = '') = (reported_at IS NULL)),
  CONSTRAINT ck_measure_comment CHECK (done IN ('', 'yes') OR comment <> ''),
  CONSTRAINT fk_measure_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
  CONSTRAINT fk_measure_task_id FOREIGN KEY(task_id) REFERENCES task (id),
  CONSTRAINT fk_measure_goal_id FOREIGN KEY(goal_id) REFERENCES goal (id),
  CONSTRAINT fk_measure_responsible_id FOREIGN KEY(responsible_id) REFERENCES person (id)
);

CREATE INDEX ix_measure_case_id_round ON measure (case_id, round);

CREATE TABLE objection (
  id SERIAL NOT NULL,
  case_id INTEGER NOT NULL,
  task_id BIGINT NOT NULL,
  point VARCHAR NOT NULL,
  text VARCHAR NOT NULL,
  evidence VARCHAR NOT NULL,
  accepted BOOLEAN,
  answer VARCHAR NOT NULL,
  CONSTRAINT pk_objection PRIMARY KEY (id),
  CONSTRAINT ck_objection_text CHECK (text <> ''),
  CONSTRAINT fk_objection_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
  CONSTRAINT fk_objection_task_id FOREIGN KEY(task_id) REFERENCES task (id)
);

CREATE INDEX ix_objection_case_id ON objection (case_id);

CREATE TABLE opinion (
  id SERIAL NOT NULL,
  case_id INTEGER NOT NULL,
  task_id BIGINT NOT NULL,
  person_id INTEGER NOT NULL,
  confidence VARCHAR NOT NULL,
  at BIGINT NOT NULL,
  CONSTRAINT pk_opinion PRIMARY KEY (id),
  CONSTRAINT uq_opinion_task_id UNIQUE (task_id),
  CONSTRAINT uq_opinion_case_id_person_id UNIQUE (case_id, person_id),
  CONSTRAINT fk_opinion_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
  CONSTRAINT fk_opinion_task_id FOREIGN KEY(task_id) REFERENCES task (id),
  CONSTRAINT fk_opinion_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE TABLE programme_object (
  id SERIAL NOT NULL,
  case_id INTEGER NOT NULL,
  goal_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  title VARCHAR NOT NULL,
  method VARCHAR NOT NULL,
  planned_on DATE NOT NULL,
  CONSTRAINT pk_programme_object PRIMARY KEY (id),
  CONSTRAINT ck_programme_object_method CHECK (method IN ('lesson', 'documents', 'interview', 'survey', 'test')),
  CONSTRAINT ck_programme_object_titled CHECK (title <> ''),
  CONSTRAINT fk_programme_object_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
  CONSTRAINT fk_programme_object_goal_id FOREIGN KEY(goal_id) REFERENCES goal (id),
  CONSTRAINT fk_programme_object_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_programme_object_case_id_person_id ON programme_object (case_id, person_id);

CREATE TABLE review_order (
  id SERIAL NOT NULL,
  case_id INTEGER NOT NULL,
  task_id BIGINT NOT NULL,
  begins_on DATE NOT NULL,
  ends_on DATE NOT NULL,
  coordinator_id INTEGER NOT NULL,
  CONSTRAINT pk_review_order PRIMARY KEY (id),
  CONSTRAINT uq_review_order_case_id UNIQUE (case_id),
  CONSTRAINT ck_review_order_period CHECK (ends_on >= begins_on),
  CONSTRAINT fk_review_order_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
  CONSTRAINT fk_review_order_task_id FOREIGN KEY(task_id) REFERENCES task (id),
  CONSTRAINT fk_review_order_coordinator_id FOREIGN KEY(coordinator_id) REFERENCES person (id)
);

CREATE TABLE self_assessment (
  id SERIAL NOT NULL,
  goal_id INTEGER NOT NULL,
  task_id BIGINT NOT NULL,
  revision INTEGER NOT NULL,
  association VARCHAR NOT NULL,
  know_how VARCHAR NOT NULL,
  means VARCHAR NOT NULL,
  need_expert_in VARCHAR NOT NULL,
  CONSTRAINT pk_self_assessment PRIMARY KEY (id),
  CONSTRAINT uq_self_assessment_goal_id_revision_association UNIQUE (goal_id, revision, association),
  CONSTRAINT ck_self_assessment_know_how CHECK (know_how IN ('yes', 'partly', 'no')),
  CONSTRAINT fk_self_assessment_goal_id FOREIGN KEY(goal_id) REFERENCES goal (id),
  CONSTRAINT fk_self_assessment_task_id FOREIGN KEY(task_id) REFERENCES task (id)
);

CREATE TABLE snooze (
  person_id INTEGER NOT NULL,
  task_id BIGINT NOT NULL,
  until BIGINT NOT NULL,
  CONSTRAINT pk_snooze PRIMARY KEY (person_id, task_id),
  CONSTRAINT fk_snooze_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_snooze_task_id FOREIGN KEY(task_id) REFERENCES task (id)
);

CREATE INDEX ix_snooze_task_id ON snooze (task_id);

CREATE TABLE submission (
  task_id BIGINT NOT NULL,
  case_id INTEGER NOT NULL,
  element VARCHAR NOT NULL,
  person_id INTEGER NOT NULL,
  at BIGINT NOT NULL,
  fields TEXT NOT NULL,
  CONSTRAINT pk_submission PRIMARY KEY (task_id),
  CONSTRAINT fk_submission_task_id FOREIGN KEY(task_id) REFERENCES task (id),
  CONSTRAINT fk_submission_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
  CONSTRAINT fk_submission_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_submission_case_id ON submission (case_id);

CREATE TABLE task_candidate (
  organisation_id INTEGER NOT NULL,
  role VARCHAR NOT NULL,
  due_at BIGINT NOT NULL,
  task_id BIGINT NOT NULL,
  CONSTRAINT pk_task_candidate PRIMARY KEY (organisation_id, role, due_at, task_id),
  CONSTRAINT fk_task_candidate_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
  CONSTRAINT fk_task_candidate_task_id FOREIGN KEY(task_id) REFERENCES task (id)
);

CREATE INDEX ix_task_candidate_task_id ON task_candidate (task_id);

CREATE TABLE year_plan_change (
  id SERIAL NOT NULL,
  case_id INTEGER NOT NULL,
  task_id BIGINT NOT NULL,
  item VARCHAR NOT NULL,
  "old" VARCHAR NOT NULL,
  "new" VARCHAR NOT NULL,
  changes_on DATE NOT NULL,
  CONSTRAINT pk_year_plan_change PRIMARY KEY (id),
  CONSTRAINT ck_year_plan_change_new CHECK (new <> ''),
  CONSTRAINT fk_year_plan_change_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
  CONSTRAINT fk_year_plan_change_task_id FOREIGN KEY(task_id) REFERENCES task (id)
);

CREATE INDEX ix_year_plan_change_case_id ON year_plan_change (case_id);

CREATE TABLE attachment (
  id SERIAL NOT NULL,
  case_id INTEGER NOT NULL,
  task_id BIGINT NOT NULL,
  document_id INTEGER,
  name VARCHAR NOT NULL,
  media_type VARCHAR NOT NULL,
  size INTEGER NOT NULL,
  digest VARCHAR NOT NULL,
  content BYTEA NOT NULL,
  person_id INTEGER NOT NULL,
  at BIGINT NOT NULL,
  CONSTRAINT pk_attachment PRIMARY KEY (id),
  CONSTRAINT ck_attachment_size CHECK (size > 0),
  CONSTRAINT ck_attachment_digest CHECK (length(digest) = 64),
  CONSTRAINT ck_attachment_named CHECK (name <> ''),
  CONSTRAINT fk_attachment_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
  CONSTRAINT fk_attachment_task_id FOREIGN KEY(task_id) REFERENCES task (id),
  CONSTRAINT fk_attachment_document_id FOREIGN KEY(document_id) REFERENCES document (id),
  CONSTRAINT fk_attachment_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_attachment_case_id ON attachment (case_id);

CREATE INDEX ix_attachment_task_id ON attachment (task_id);

CREATE TABLE conclusion_item (
  conclusion_id INTEGER NOT NULL,
  goal_id INTEGER NOT NULL,
  text VARCHAR NOT NULL,
  level VARCHAR NOT NULL,
  recommendations VARCHAR NOT NULL,
  CONSTRAINT pk_conclusion_item PRIMARY KEY (conclusion_id, goal_id),
  CONSTRAINT ck_conclusion_item_level CHECK (level IN ('matches', 'partly', 'fails', 'yes', 'no')),
  CONSTRAINT fk_conclusion_item_conclusion_id FOREIGN KEY(conclusion_id) REFERENCES conclusion (id),
  CONSTRAINT fk_conclusion_item_goal_id FOREIGN KEY(goal_id) REFERENCES goal (id)
);

CREATE TABLE document_signature (
  document_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  digest VARCHAR NOT NULL,
  capacity VARCHAR NOT NULL,
  agrees BOOLEAN NOT NULL,
  at BIGINT NOT NULL,
  CONSTRAINT pk_document_signature PRIMARY KEY (document_id, person_id, digest),
  CONSTRAINT ck_document_signature_capacity CHECK (capacity <> ''),
  CONSTRAINT ck_document_signature_digest CHECK (length(digest) = 64),
  CONSTRAINT fk_document_signature_document_id FOREIGN KEY(document_id) REFERENCES document (id),
  CONSTRAINT fk_document_signature_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE TABLE edition (
  document_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  content TEXT NOT NULL,
  digest VARCHAR NOT NULL,
  task_id BIGINT,
  at BIGINT NOT NULL,
  CONSTRAINT pk_edition PRIMARY KEY (document_id, version),
  CONSTRAINT ck_edition_version CHECK (version > 0),
  CONSTRAINT ck_edition_digest CHECK (length(digest) = 64),
  CONSTRAINT fk_edition_document_id FOREIGN KEY(document_id) REFERENCES document (id),
  CONSTRAINT fk_edition_task_id FOREIGN KEY(task_id) REFERENCES task (id)
);

CREATE INDEX ix_edition_task_id ON edition (task_id);

CREATE TABLE indicator_value (
  id SERIAL NOT NULL,
  dataset_id INTEGER NOT NULL,
  source VARCHAR NOT NULL,
  subject VARCHAR NOT NULL,
  grade VARCHAR NOT NULL,
  measure VARCHAR NOT NULL,
  value DOUBLE PRECISION NOT NULL,
  students INTEGER,
  CONSTRAINT pk_indicator_value PRIMARY KEY (id),
  CONSTRAINT uq_indicator_value_dataset_id_subject_grade_measure UNIQUE (dataset_id, subject, grade, measure),
  CONSTRAINT ck_indicator_value_measure CHECK (measure IN ('mean', 'quality', 'progress', 'failed')),
  CONSTRAINT ck_indicator_value_students CHECK (students IS NULL OR students > 0),
  CONSTRAINT fk_indicator_value_dataset_id FOREIGN KEY(dataset_id) REFERENCES dataset (id)
);

CREATE INDEX ix_indicator_value_source_subject_grade_measure ON indicator_value (source, subject, grade, measure);

CREATE TABLE mention (
  comment_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  CONSTRAINT pk_mention PRIMARY KEY (comment_id, person_id),
  CONSTRAINT fk_mention_comment_id FOREIGN KEY(comment_id) REFERENCES comment (id),
  CONSTRAINT fk_mention_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_mention_person_id ON mention (person_id);

CREATE TABLE opinion_score (
  opinion_id INTEGER NOT NULL,
  goal_id INTEGER NOT NULL,
  score INTEGER NOT NULL,
  findings VARCHAR NOT NULL,
  CONSTRAINT pk_opinion_score PRIMARY KEY (opinion_id, goal_id),
  CONSTRAINT ck_opinion_score_score CHECK (score BETWEEN 0 AND 4),
  CONSTRAINT fk_opinion_score_opinion_id FOREIGN KEY(opinion_id) REFERENCES opinion (id),
  CONSTRAINT fk_opinion_score_goal_id FOREIGN KEY(goal_id) REFERENCES goal (id)
);

CREATE TABLE recommendation (
  id SERIAL NOT NULL,
  opinion_id INTEGER NOT NULL,
  text VARCHAR NOT NULL,
  addressee VARCHAR NOT NULL,
  term VARCHAR NOT NULL,
  CONSTRAINT pk_recommendation PRIMARY KEY (id),
  CONSTRAINT ck_recommendation_text CHECK (text <> ''),
  CONSTRAINT fk_recommendation_opinion_id FOREIGN KEY(opinion_id) REFERENCES opinion (id)
);

CREATE INDEX ix_recommendation_opinion_id ON recommendation (opinion_id);

CREATE TABLE signature (
  conclusion_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  task_id BIGINT NOT NULL,
  agrees BOOLEAN NOT NULL,
  at BIGINT NOT NULL,
  CONSTRAINT pk_signature PRIMARY KEY (conclusion_id, person_id),
  CONSTRAINT uq_signature_task_id UNIQUE (task_id),
  CONSTRAINT fk_signature_conclusion_id FOREIGN KEY(conclusion_id) REFERENCES conclusion (id),
  CONSTRAINT fk_signature_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_signature_task_id FOREIGN KEY(task_id) REFERENCES task (id)
);

CREATE TABLE visit (
  id SERIAL NOT NULL,
  case_id INTEGER NOT NULL,
  task_id BIGINT NOT NULL,
  object_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  visited_on DATE NOT NULL,
  observations VARCHAR NOT NULL,
  CONSTRAINT pk_visit PRIMARY KEY (id),
  CONSTRAINT uq_visit_task_id UNIQUE (task_id),
  CONSTRAINT uq_visit_object_id UNIQUE (object_id),
  CONSTRAINT fk_visit_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
  CONSTRAINT fk_visit_task_id FOREIGN KEY(task_id) REFERENCES task (id),
  CONSTRAINT fk_visit_object_id FOREIGN KEY(object_id) REFERENCES programme_object (id),
  CONSTRAINT fk_visit_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_visit_case_id ON visit (case_id);

CREATE TABLE rendition (
  document_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  form VARCHAR NOT NULL,
  digest VARCHAR NOT NULL,
  content BYTEA NOT NULL,
  at BIGINT NOT NULL,
  CONSTRAINT pk_rendition PRIMARY KEY (document_id, version, form),
  CONSTRAINT fk_rendition_document_id FOREIGN KEY(document_id, version) REFERENCES edition (document_id, version),
  CONSTRAINT ck_rendition_form CHECK (form IN ('docx', 'pdf')),
  CONSTRAINT ck_rendition_digest CHECK (length(digest) = 64)
);

CREATE TABLE visit_score (
  visit_id INTEGER NOT NULL,
  criterion_id INTEGER NOT NULL,
  score INTEGER,
  evidence VARCHAR NOT NULL,
  CONSTRAINT pk_visit_score PRIMARY KEY (visit_id, criterion_id),
  CONSTRAINT ck_visit_score_score CHECK (score BETWEEN 0 AND 4),
  CONSTRAINT ck_visit_score_evidence CHECK (evidence <> ''),
  CONSTRAINT fk_visit_score_visit_id FOREIGN KEY(visit_id) REFERENCES visit (id),
  CONSTRAINT fk_visit_score_criterion_id FOREIGN KEY(criterion_id) REFERENCES criterion (id)
);

