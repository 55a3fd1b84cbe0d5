"""The practice workspace: a Slack-faithful server on loopback, for `groundswell try` and for tests on the wire.

Start one, point the bot at it, act as anybody, look at what they see:

    from bot.sandbox.workspace import Answer, PracticeWorkspace, through_wsgi

    with PracticeWorkspace.started(seed=1, manifest="manifest.yml") as ws:        # deliver_to=None: Socket Mode
        # for the bot: SLACK_API_URL=ws.api_url, ws.bot_token, ws.app_token, ws.signing_secret,
        #              GROUNDSWELL_PRACTICE_CLOCK=ws.clock_file (holds the offset from real time, in seconds)
        ws.wait_connected()                                                       # the bot holds a socket
        outcome = ws.slash(command, "", channel="engineering", user="priya")
        outcome.opened[-1]["title"]["text"]                                       # the form that opened
        given = {"title": "Releases reach us last", "hardship": "For us this means calls"}
        ws.submit("priya", given).errors                                          # {} when the bot took it
        said = ws.say("kwame", "engineering", "It was down again.")
        ws.react("priya", said.message, "jigsaw")
        ws.move_clock(7 * 86_400)
        ws.messages("priya", "product-weekly")[-1]["text"]
        ws.assert_no_objections()

Ways to the bot (`started(deliver_to=...)`, or `ws.deliver_to(...)` later)
    None                       Socket Mode (`ws.refresh_sockets()`, `ws.connections()`)
    "http://127.0.0.1:9/..."   signed HTTP to one request URL (`ws.verify_url()` sends url_verification)
    through_wsgi(app)          a WSGI application in the same process, no server in between
    a function                 SignedRequest -> Answer, called in a thread of its own
    "captured"                 delivers nothing: `ws.captured()` gives the SignedRequests (path, headers, body, delivery),
                               `ws.answer(request, Answer(status, body))` brings the answer back, with all its effects
Options of `started`: seed, manifest (path or content), company (seed file), port, folder, without_scopes (declared but not
granted), starts_at, frozen (time stands still until moved: equal seeds then give equal ts), rate_limits, ack_within,
redeliver_after (seconds on the workspace's clock), files_ready_after, usergroups_on_plan (False: plan_upgrade_required).

People are named by id, handle ("priya"), full name or e-mail; places by id or name ("engineering"), or "@priya" for a DM;
a message is anything with `channel` and `ts` (what readings and API answers give). company.yml holds the seeded company:
stewards amara and jonas, sponsor ingrid, digest channel product-weekly, private channel team-leads, shared channel
ext-northwind with the outsider freya, guest luca, admin beatriz; teams checkout, identity, platform, analytics, product-ops,
support, legal (three people), sales. The bot is in all channels but general and people-help.

Acts (acting.py), each gives an Outcome
    say reply edit delete react unreact dm slash message_shortcut global_shortcut press choose fill type_in suggest submit
    close open_home create_channel join invite kick rename archive share unshare change_channel_id create_group change_group
    rename_group disable_group deactivate reactivate change_profile hire revoke_token rotate_token uninstall send_event
    (dm and create_channel give the id of the place)
Outcome: ok, status, body, elapsed (of the first answer), deliveries, message, ts, ephemerals (seen by this person since),
    opened (forms opened meanwhile), views (open stack, top last), errors (beside fields), trouble (Slack's words when the
    bot did not answer), options (of an external select), link (of a link button)
    What Slack would not let a person do raises errors.NotPossible, with the reason.

Readings (watching.py)
    messages(who, where) replies(who, at) ephemerals(who) dms(who) views(who) view(who) home(who) places(who) people()
    groups() files() file_bytes(id) snapshot(who) person(who) place(where) group(which) members(team) stewards bot now()
    calls(method=None) deliveries() failed_deliveries() objections(kind=None) unknown_methods() assert_no_objections(*but)
    connections() wait_until(true, timeout) wait_connected()
    An objection is something a real Slack would have stopped the bot with: unknown_method, forbidden_method, missing_scope,
    undeclared_command / _event / _shortcut / _setting (naming the manifest's line), late_ack, failed_delivery, bad_answer,
    rate_limited.

Faults and time (workspace.py)
    fault("chat.postMessage", error=..., status=..., retry_after=..., delay=..., drop=True, lose_answer=True, times=1)
    delivery_fault("reaction_added", duplicate=1, delay=..., drop=True, lose_ack=True, hold=True, times=1)
    hold(), release("as_sent" | "reversed" | "shuffled" | [positions]), clear_faults(), move_clock(seconds),
    reset(), settle()

Over HTTP the same acts and readings stand under /practice/ (control.py, docs/practice-workspace.md).
"""
