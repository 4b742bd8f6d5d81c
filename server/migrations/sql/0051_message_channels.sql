-- Asking for a message, as in 0007, with an owner in whose inbox it lies at once. Who the owner is may be
-- said, or is found by the phone; where they belong decides which offices see that it was sent.
CREATE FUNCTION put_message(
    p_phone text, p_language text, p_channel text, p_alone text, p_kind text, p_subject text, p_facts bytea,
    p_due_at timestamptz, p_expires_at timestamptz, p_try_at timestamptz, p_inbox text,
    p_account bigint, p_staff bigint, p_division text, p_urgency text, p_now timestamptz
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_today date := (p_now AT TIME ZONE 'Asia/Shanghai')::date;
    v_account bigint := p_account;
    v_staff bigint := p_staff;
    v_division text := p_division;
    v_phone text := p_phone;
    v_contact bigint;
    v_message bigint;
BEGIN
    IF entered() ->> 'act' IS NULL THEN
        RAISE EXCEPTION 'a message without an act' USING ERRCODE = 'YL001';
    END IF;
    IF v_account IS NULL AND v_staff IS NULL AND p_phone <> '' THEN
        IF p_inbox IN ('account', 'either') THEN
            SELECT a.id INTO v_account FROM account a WHERE a.phone = p_phone AND a.closed_at IS NULL;
        END IF;
        IF v_account IS NULL AND p_inbox IN ('staff', 'either') THEN
            SELECT min(s.id) INTO v_staff FROM staff s
             WHERE s.phone = p_phone AND s.disabled_at IS NULL HAVING count(*) = 1;
        END IF;
    END IF;
    IF v_division IS NULL AND v_account IS NOT NULL THEN
        SELECT r.village_code INTO v_division
          FROM resident_grant g JOIN resident r ON r.id = g.resident_id
         WHERE g.account_id = v_account AND g.starts_on <= v_today
           AND (g.ends_on IS NULL OR g.ends_on > v_today)
         ORDER BY g.kind = 'self' DESC, g.id LIMIT 1;
        IF v_division IS NULL THEN
            SELECT t.division_code INTO v_division
              FROM caregiver c JOIN site t ON t.id = c.keeper_site_id WHERE c.account_id = v_account;
        END IF;
    ELSIF v_division IS NULL AND v_staff IS NOT NULL THEN
        SELECT coalesce(o.division_code, t.division_code) INTO v_division
          FROM staff_role o LEFT JOIN site t ON t.id = o.site_id
         WHERE o.staff_id = v_staff AND o.starts_on <= v_today AND (o.ends_on IS NULL OR o.ends_on > v_today)
         ORDER BY o.id LIMIT 1;
    END IF;
    -- Elders without the app are known by the phone in the register.
    IF v_division IS NULL AND p_inbox IN ('account', 'either') AND p_phone <> '' THEN
        SELECT r.village_code INTO v_division FROM resident r WHERE r.phone = p_phone ORDER BY r.id LIMIT 1;
    END IF;
    -- Whoever has no number is still one recipient.
    IF v_phone = '' THEN
        v_phone := coalesce('account ' || v_account, 'staff ' || v_staff);
    END IF;

    SELECT id INTO v_contact FROM contact WHERE phone = v_phone AND language = p_language;
    IF v_contact IS NULL THEN
        INSERT INTO contact (phone, language) VALUES (v_phone, p_language)
        ON CONFLICT (phone) DO UPDATE SET language = EXCLUDED.language
        RETURNING id INTO v_contact;
    END IF;

    INSERT INTO message (contact_id, channel, kind, subject, facts_cipher, due_at, expires_at, status,
                         attempts, try_at, account_id, staff_id, division_code, urgency)
    VALUES (v_contact,
            CASE WHEN v_account IS NULL AND v_staff IS NULL THEN p_alone ELSE p_channel END,
            p_kind, p_subject, p_facts, p_due_at, p_expires_at, 'waiting', 0, p_try_at,
            v_account, v_staff, v_division, p_urgency)
    ON CONFLICT ON CONSTRAINT uq_message_once DO NOTHING
    RETURNING id INTO v_message;

    IF v_message IS NOT NULL AND p_try_at <= p_now THEN
        PERFORM pg_notify('message_' || current_schema(), '');
    END IF;
    RETURN v_message IS NOT NULL;
END $$;

-- A message is for the platform, for its owner, and, as a fact without its words, for offices over the
-- place where the owner belongs.
DROP POLICY seen ON message;
CREATE POLICY seen ON message USING ((SELECT sees_all()));
CREATE POLICY own ON message FOR SELECT USING (
    account_id = (SELECT seen_account()) OR staff_id = (SELECT seen_staff()));
CREATE POLICY in_office ON message FOR SELECT USING (lies_under(division_code, (SELECT seen_prefixes())));

ALTER TABLE message_step ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON message_step USING (
    (SELECT sees_all()) OR EXISTS (SELECT 1 FROM message m WHERE m.id = message_id)
) WITH CHECK ((SELECT sees_all()));

-- The owner opened it: what would still be sent is not needed any more. What a worker holds at this moment
-- goes out, and nothing after it.
CREATE FUNCTION see_message(p_message bigint, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_before message%ROWTYPE;
BEGIN
    SELECT * INTO v_before FROM message m
     WHERE m.id = p_message AND m.due_at <= p_now
       AND (m.account_id = seen_account() OR m.staff_id = seen_staff()) FOR UPDATE;
    IF v_before.id IS NULL OR v_before.seen_at IS NOT NULL THEN
        RETURN v_before.id IS NOT NULL;
    END IF;
    UPDATE message SET seen_at = p_now,
           status = CASE WHEN v_before.status IN ('waiting', 'calling', 'failed', 'expired') THEN 'seen'
                         ELSE v_before.status END
     WHERE id = p_message;
    INSERT INTO message_step (message_id, channel, result, ended_at, reason, provider_id)
    VALUES (p_message, 'inbox', 'seen', p_now, '', '')
    ON CONFLICT (message_id, channel) DO NOTHING;
    IF v_before.status IN ('waiting', 'calling') THEN
        INSERT INTO message_step (message_id, channel, result, ended_at, reason, provider_id)
        VALUES (p_message, v_before.channel, 'not_needed', p_now, 'seen', '')
        ON CONFLICT (message_id, channel) DO NOTHING;
    END IF;
    RETURN true;
END $$;

-- Who is meant, for the eyes of whoever may see that the message was sent; masked by the page.
CREATE FUNCTION recipients_of(p_messages bigint[]) RETURNS TABLE (message_id bigint, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT m.id, coalesce(
        (SELECT s.display_name FROM staff s WHERE s.id = m.staff_id),
        (SELECT r.name FROM resident_grant g JOIN resident r ON r.id = g.resident_id
          WHERE g.account_id = m.account_id AND g.kind = 'self' ORDER BY g.id LIMIT 1),
        (SELECT c.name FROM caregiver c WHERE c.account_id = m.account_id),
        (SELECT c.name FROM caregiver c JOIN contact k ON k.id = m.contact_id WHERE c.phone = k.phone
          ORDER BY c.id LIMIT 1),
        (SELECT r.name FROM resident r JOIN contact k ON k.id = m.contact_id WHERE r.phone = k.phone
          ORDER BY r.id LIMIT 1), '')::text
      FROM message m
     WHERE m.id = ANY (p_messages)
       AND (sees_all() OR lies_under(m.division_code, seen_prefixes()))
$$;

-- The number of whom a message did not reach, for whoever said why they need it, while that holds.
CREATE FUNCTION phones_of(p_messages bigint[], p_now timestamptz) RETURNS TABLE (message_id bigint, phone text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT DISTINCT m.id, c.phone::text
      FROM message m JOIN contact c ON c.id = m.contact_id
      JOIN message_opening o ON o.message_id = m.id
       AND o.staff_id = seen_staff() AND o.expires_at > p_now
     WHERE m.id = ANY (p_messages) AND lies_under(m.division_code, seen_prefixes())
$$;

-- What came of a call: only for a message on the list of one's own division.
CREATE FUNCTION note_call(p_message bigint, p_outcome text, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_found bigint;
BEGIN
    SELECT m.id INTO v_found FROM message m
     WHERE m.id = p_message AND m.status = 'calling' AND lies_under(m.division_code, seen_prefixes()) FOR UPDATE;
    IF v_found IS NULL OR seen_staff() IS NULL THEN
        RETURN false;
    END IF;
    INSERT INTO message_call (message_id, staff_id, outcome, called_at)
    VALUES (p_message, seen_staff(), p_outcome, p_now);
    IF p_outcome <> 'not_reached' THEN
        UPDATE message SET status = CASE p_outcome WHEN 'reached' THEN 'reached' ELSE 'failed' END,
               failure = CASE p_outcome WHEN 'reached' THEN failure ELSE 'wrong-number' END
         WHERE id = p_message;
        INSERT INTO message_step (message_id, channel, result, ended_at, reason, provider_id)
        VALUES (p_message, 'call', CASE p_outcome WHEN 'reached' THEN 'delivered' ELSE 'failed' END, p_now,
                CASE p_outcome WHEN 'reached' THEN '' ELSE 'wrong-number' END, '')
        ON CONFLICT (message_id, channel) DO NOTHING;
    END IF;
    RETURN true;
END $$;

-- How messages go, in counts alone: for whoever watches the platform, who is nobody in particular.
CREATE FUNCTION message_state(p_now timestamptz) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT jsonb_build_object(
        'channels', (SELECT jsonb_object_agg(w.channel, jsonb_build_array(
                            coalesce(b.waiting, 0), coalesce(b.oldest, 0),
                            CASE WHEN s.resting_until > p_now THEN 1 ELSE 0 END))
                       FROM unnest(ARRAY['push', 'email', 'sms']) AS w(channel)
                       LEFT JOIN channel_state s ON s.channel = w.channel
                       LEFT JOIN (SELECT m.channel, count(*) AS waiting,
                                         extract(epoch FROM p_now - min(m.try_at))::float AS oldest
                                    FROM message m
                                   WHERE m.status IN ('waiting', 'leased') AND m.try_at <= p_now
                                   GROUP BY m.channel) b ON b.channel = w.channel),
        'ended', (SELECT coalesce(jsonb_agg(jsonb_build_array(e.channel, e.result, e.number)), '[]')
                    FROM (SELECT t.channel, t.result, count(*) AS number FROM message_step t
                           WHERE t.ended_at > p_now - interval '1 hour' GROUP BY t.channel, t.result) e),
        'to_call', (SELECT count(*) FROM message m WHERE m.status = 'calling'))
$$;

-- A browser that changes hands takes its name along: whoever signed in on it last has it.
CREATE FUNCTION put_push_device(p_kind text, p_value text, p_platform text, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF seen_account() IS NULL AND seen_staff() IS NULL THEN
        RETURN false;
    END IF;
    INSERT INTO push_device (account_id, staff_id, kind, value, platform, last_seen_at)
    VALUES (seen_account(), CASE WHEN seen_account() IS NULL THEN seen_staff() END,
            p_kind, p_value, p_platform, p_now)
    ON CONFLICT (value) DO UPDATE SET account_id = EXCLUDED.account_id, staff_id = EXCLUDED.staff_id,
        kind = EXCLUDED.kind, platform = EXCLUDED.platform, last_seen_at = EXCLUDED.last_seen_at;
    RETURN true;
END $$;

REVOKE ALL ON FUNCTION put_push_device(text, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION put_push_device(text, text, text, timestamptz) TO yinling_app;
REVOKE ALL ON FUNCTION see_message(bigint, timestamptz), recipients_of(bigint[]),
    phones_of(bigint[], timestamptz), note_call(bigint, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION see_message(bigint, timestamptz), recipients_of(bigint[]),
    phones_of(bigint[], timestamptz), note_call(bigint, text, timestamptz) TO yinling_app;

-- Devices, wishes and addresses are their owner's own affair.
DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['push_device', 'message_opt_out'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY seen ON %I USING (account_id = (SELECT seen_account())'
                       ' OR staff_id = (SELECT seen_staff()) OR (SELECT sees_all()))', v_table);
    END LOOP;
END $$;
ALTER TABLE staff_email ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON staff_email USING (staff_id = (SELECT seen_staff()) OR (SELECT sees_all()));

ALTER TABLE message_call ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON message_call USING (
    (SELECT sees_all()) OR EXISTS (SELECT 1 FROM message m WHERE m.id = message_id)
) WITH CHECK ((SELECT sees_all()) OR staff_id = (SELECT seen_staff()));
ALTER TABLE message_opening ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON message_opening USING (
    (SELECT sees_all()) OR EXISTS (SELECT 1 FROM message m WHERE m.id = message_id)
) WITH CHECK (staff_id = (SELECT seen_staff()));

CREATE TRIGGER trail AFTER INSERT OR DELETE OR UPDATE OF account_id, staff_id, kind, platform
    ON push_device FOR EACH ROW EXECUTE FUNCTION write_trail('id', 'value');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON message_opt_out FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON staff_email FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON message_call FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON message_opening FOR EACH ROW EXECUTE FUNCTION write_trail('id');

GRANT SELECT, INSERT, UPDATE ON message_step, channel_state TO yinling_app;
GRANT SELECT, INSERT, DELETE ON push_device, message_opt_out, staff_email TO yinling_app;
GRANT UPDATE (account_id, staff_id, kind, platform, last_seen_at) ON push_device TO yinling_app;
GRANT UPDATE (address, entered_at) ON staff_email TO yinling_app;
GRANT SELECT, INSERT ON message_opening TO yinling_app;
GRANT SELECT ON message_call TO yinling_app;
