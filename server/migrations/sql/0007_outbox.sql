-- Anyone who acts may ask for a message, and nobody but the platform may read one: row security
-- hides contacts and messages, so that the asking is a function of its own.
-- Answers whether the message is new; asked for twice, it is there once.
CREATE FUNCTION put_message(
    p_phone text, p_language text, p_channel text, p_kind text, p_subject text, p_facts bytea,
    p_due_at timestamptz, p_expires_at timestamptz, p_now timestamptz
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_contact bigint;
    v_message bigint;
BEGIN
    IF entered() ->> 'act' IS NULL THEN
        RAISE EXCEPTION 'a message without an act' USING ERRCODE = 'YL001';
    END IF;
    SELECT id INTO v_contact FROM contact WHERE phone = p_phone AND language = p_language;
    IF v_contact IS NULL THEN
        INSERT INTO contact (phone, language) VALUES (p_phone, p_language)
        ON CONFLICT (phone) DO UPDATE SET language = EXCLUDED.language
        RETURNING id INTO v_contact;
    END IF;

    INSERT INTO message (contact_id, channel, kind, subject, facts_cipher, due_at, expires_at,
                         status, attempts, try_at)
    VALUES (v_contact, p_channel, p_kind, p_subject, p_facts, p_due_at, p_expires_at,
            'waiting', 0, p_due_at)
    ON CONFLICT ON CONSTRAINT uq_message_once DO NOTHING
    RETURNING id INTO v_message;

    -- Only a nudge: it is heard after the commit, and whoever misses it looks again within a second.
    IF v_message IS NOT NULL AND p_due_at <= p_now THEN
        PERFORM pg_notify('message_' || current_schema(), '');
    END IF;
    RETURN v_message IS NOT NULL;
END $$;

GRANT SELECT, INSERT, UPDATE, DELETE ON job_run TO yinling_app;
