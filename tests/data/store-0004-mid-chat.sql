-- A store with a pretend chat under way, Q1 asked, as the commit 3bec5f5 left it (schema 0004), as text.
BEGIN TRANSACTION;
CREATE TABLE absent (
	place TEXT NOT NULL, 
	author_id TEXT NOT NULL, 
	PRIMARY KEY (place, author_id)
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0004');
CREATE TABLE charges (
	place TEXT NOT NULL, 
	day TEXT NOT NULL, 
	what TEXT NOT NULL, 
	resource TEXT NOT NULL, 
	chat TEXT, 
	micros BIGINT NOT NULL, 
	PRIMARY KEY (place, day, what, resource)
);
CREATE TABLE chats (
	name TEXT NOT NULL, 
	starts BIGINT NOT NULL, 
	ends BIGINT NOT NULL, 
	definition TEXT NOT NULL, written TEXT, course TEXT DEFAULT '{}' NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "chats" VALUES('a/b',1772539200000000,1772542800000000,'{"name":"a/b","title":"A plain chat","hashtag":"#plain","starts":"2026-03-03T12:00:00Z","length":"PT3600S","timezone":"Europe/London","questions":[{"key":"q1","text":"Which groups do you run, and for whom?","at":"2026-03-03T12:10:00Z","image":null,"says":{}},{"key":"q2","text":"What gets in the way?","at":"2026-03-03T12:20:00Z","image":null,"says":{}},{"key":"q3","text":"Who pays for it where you work?","at":"2026-03-03T12:30:00Z","image":null,"says":{}},{"key":"q4","text":"What will you try next week?","at":"2026-03-03T12:40:00Z","image":null,"says":{}}],"hosts":[],"moderators":[],"link":null,"places":[],"welcome":"Welcome.","rules":"This is recorded.","closing":"Thank you.","reminders":[],"lists":"most","pace":"clock","later":"PT180S","sooner":"PT120S","window":"PT900S","marks":["A","Q"]}','{"name":"a/b","title":"A plain chat","hashtag":"#plain","starts":"2026-03-03T12:00:00Z","length":"PT3600S","timezone":"Europe/London","questions":[{"key":"q1","text":"Which groups do you run, and for whom?","at":"2026-03-03T12:10:00Z","image":null,"says":{}},{"key":"q2","text":"What gets in the way?","at":"2026-03-03T12:20:00Z","image":null,"says":{}},{"key":"q3","text":"Who pays for it where you work?","at":"2026-03-03T12:30:00Z","image":null,"says":{}},{"key":"q4","text":"What will you try next week?","at":"2026-03-03T12:40:00Z","image":null,"says":{}}],"hosts":[],"moderators":[],"link":null,"places":[],"welcome":"Welcome.","rules":"This is recorded.","closing":"Thank you.","reminders":[],"lists":"most","pace":"clock","later":"PT180S","sooner":"PT120S","window":"PT900S","marks":["A","Q"]}','{"paused_at":null,"cancelled":false,"hold_all":false,"slow":null,"hosts":[],"deputised":false,"steered":false,"asked_at":null,"drift":{},"fixed":[]}');
CREATE TABLE commands (
	seq INTEGER NOT NULL, 
	place TEXT NOT NULL, 
	id TEXT NOT NULL, 
	raw TEXT NOT NULL, 
	chat TEXT, 
	at BIGINT NOT NULL, 
	state TEXT NOT NULL, 
	name TEXT, 
	receipt TEXT, 
	change TEXT, 
	undone BOOLEAN NOT NULL, 
	PRIMARY KEY (seq), 
	UNIQUE (place, id)
);
CREATE TABLE concerns (
	"key" TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	place TEXT NOT NULL, 
	chat TEXT, 
	text TEXT NOT NULL, 
	PRIMARY KEY ("key")
);
CREATE TABLE events (
	seq INTEGER NOT NULL, 
	chat TEXT, 
	place TEXT NOT NULL, 
	type TEXT NOT NULL, 
	identity TEXT NOT NULL, 
	raw TEXT NOT NULL, 
	PRIMARY KEY (seq), 
	UNIQUE (place, type, identity)
);
INSERT INTO "events" VALUES(1,'a/b','x','posted','id-1','{"type":"posted","place":"x","at":"2026-03-03T12:00:00Z","id":"id-1","key":"welcome","text":"Welcome.","part":1,"kind":"welcome","url":null,"chat":"a/b","repeats":null}');
INSERT INTO "events" VALUES(2,'a/b','x','posted','id-2','{"type":"posted","place":"x","at":"2026-03-03T12:01:00Z","id":"id-2","key":"rules","text":"This is recorded.","part":1,"kind":"rules","url":null,"chat":"a/b","repeats":null}');
INSERT INTO "events" VALUES(3,'a/b','x','posted','id-3','{"type":"posted","place":"x","at":"2026-03-03T12:10:00Z","id":"id-3","key":"q1","text":"Q1. Which groups do you run, and for whom? #plain","part":1,"kind":"question","url":null,"chat":"a/b","repeats":null}');
CREATE TABLE links (
	id TEXT NOT NULL, 
	chat TEXT NOT NULL, 
	name TEXT NOT NULL, 
	role TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	made BIGINT NOT NULL, 
	revoked BIGINT, 
	PRIMARY KEY (id), 
	UNIQUE (digest)
);
CREATE TABLE messages (
	place TEXT NOT NULL, 
	id TEXT NOT NULL, 
	chat TEXT, 
	question TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	author_id TEXT NOT NULL, 
	author TEXT NOT NULL, 
	text TEXT NOT NULL, 
	reply_to TEXT, 
	url TEXT, 
	edited BIGINT, 
	gone BOOLEAN NOT NULL, reply_place TEXT, verdict TEXT DEFAULT 'keep' NOT NULL, refers TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (place, id)
);
CREATE TABLE meta (
	"key" TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY ("key")
);
INSERT INTO "meta" VALUES('alive','2026-03-03T12:12:00+00:00');
CREATE TABLE muted (
	place TEXT NOT NULL, 
	author_id TEXT NOT NULL, 
	chat TEXT NOT NULL, 
	until BIGINT, 
	PRIMARY KEY (place, author_id, chat)
);
CREATE TABLE outbox (
	id INTEGER NOT NULL, 
	chat TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	place TEXT NOT NULL, 
	part INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	text TEXT NOT NULL, 
	image TEXT, 
	nonce TEXT NOT NULL, 
	due BIGINT NOT NULL, 
	expires BIGINT NOT NULL, 
	state TEXT NOT NULL, 
	next_at BIGINT NOT NULL, 
	attempts INTEGER NOT NULL, 
	attempted_at BIGINT, 
	receipt TEXT, 
	url TEXT, 
	sent_at BIGINT, 
	error TEXT, reply_to TEXT, meeting TEXT, repeats TEXT, "to" TEXT, amends TEXT, measure TEXT, 
	PRIMARY KEY (id), 
	UNIQUE (chat, "key", place, part), 
	UNIQUE (nonce)
);
INSERT INTO "outbox" VALUES(1,'a/b','welcome','x',1,'welcome','Welcome.',NULL,'imwdzqkbu7n6cu3jcn3bhedn',1772539200000000,1772543700000000,'sent',1772539200000000,1,1772539200000000,'id-1',NULL,1772539200000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(2,'a/b','rules','x',1,'rules','This is recorded.',NULL,'4g26l3hpzlxpvgde6nckmo23',1772539260000000,1772543700000000,'sent',1772539260000000,1,1772539260000000,'id-2',NULL,1772539260000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(3,'a/b','q1','x',1,'question','Q1. Which groups do you run, and for whom? #plain',NULL,'oocs7dl6k44kkcmrdqyz5eyd',1772539800000000,1772543700000000,'sent',1772539800000000,1,1772539800000000,'id-3',NULL,1772539800000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(4,'a/b','q2','x',1,'question','Q2. What gets in the way? #plain',NULL,'6oossyaxaqw55oneqndklfuh',1772540400000000,1772543700000000,'planned',1772540400000000,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(5,'a/b','q3','x',1,'question','Q3. Who pays for it where you work? #plain',NULL,'temsqag3facoozmsbssidzbr',1772541000000000,1772543700000000,'planned',1772541000000000,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(6,'a/b','q4','x',1,'question','Q4. What will you try next week? #plain',NULL,'llvpktre6jvrwippydbcoy4n',1772541600000000,1772543700000000,'planned',1772541600000000,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(7,'a/b','closing','x',1,'closing','Thank you.',NULL,'emwongg4espn2j2kcrj4d7ti',1772542800000000,1772547300000000,'planned',1772542800000000,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE people (
	place TEXT NOT NULL, 
	author_id TEXT NOT NULL, 
	author TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (place, author_id)
);
CREATE TABLE places (
	name TEXT NOT NULL, 
	state TEXT NOT NULL, 
	since BIGINT NOT NULL, 
	reason TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "places" VALUES('x','connected',1772538900000000,'');
CREATE TABLE positions (
	place TEXT NOT NULL, 
	position TEXT NOT NULL, 
	PRIMARY KEY (place)
);
CREATE TABLE queue (
	chat TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	place TEXT NOT NULL, 
	id TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	reasons TEXT NOT NULL, 
	PRIMARY KEY (chat, number), 
	UNIQUE (place, id)
);
CREATE TABLE silenced (
	place TEXT NOT NULL, 
	author_id TEXT NOT NULL, 
	PRIMARY KEY (place, author_id)
);
CREATE TABLE versions (
	place TEXT NOT NULL, 
	version TEXT NOT NULL, 
	id TEXT NOT NULL, 
	PRIMARY KEY (place, version)
);
CREATE INDEX outbox_next ON outbox (place, state, next_at);
CREATE INDEX events_chat ON events (chat, seq);
CREATE INDEX messages_question ON messages (chat, question, at);
CREATE INDEX charges_chat ON charges (place, chat);
CREATE INDEX outbox_open ON outbox (expires) WHERE state IN ('planned', 'paused', 'retry');
CREATE INDEX messages_author ON messages (place, author_id);
CREATE INDEX commands_state ON commands (state, seq);
CREATE INDEX commands_chat ON commands (chat, seq);
CREATE INDEX messages_url ON messages (url);
COMMIT;
