#!/usr/bin/env python3
"""Fetch a clinic's results from County Reading and put them into a folder. Standard library only; Python 3.8 or later.

For vendors of hospital systems to copy, run as it is, or read as an example. Each result becomes two files in --folder:

    000017.json     the report (see GET /api/v1/reports/{id} in /openapi.json), with the line of the results around it
    000017.pdf      the report on paper

Both are complete whenever they are there: they are written under another name, flushed to the disk, and renamed. Only then
is the result acknowledged (the receipt that the county centre waits for), and only then is its number written to the state
file. A crash or a power cut at any moment costs nothing: the same numbers are fetched again, give the same files, and a
second receipt changes nothing. Results come in the order of their numbers, without gaps. A later number may belong to a
report that was fetched before: "kind" then says amended, addendum or withdrawn, and the newer one counts.

    export COUNTYREAD_TOKEN=crk_...
    python3 countyread_results.py --server https://reading.county.example --folder /srv/reports

    --once          fetch what is there, and end (for cron); without it the program waits for results (long polling)
    --receipt-as    the name on the receipt; the user's own when left out
    --no-receipt    leave acknowledging to people

COUNTYREAD_TOKEN is an API key of the clinic with the scopes results:read and receipts:write. A person's account works as
well: --user, and the password from the environment (COUNTYREAD_PASSWORD) or from --password-file.
It ends with 0; with 1 when --once could not finish, and with 2 when the password or the command line is wrong.
"""

import argparse
import json
import os
import signal
import ssl
import sys
import time
import urllib.error
import urllib.request

WAIT_SECONDS = 55
PATIENCE_SECONDS = 90
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 300.0


class LoggedOut(Exception):
    """The token is no longer good, or the password is wrong."""


class Server:
    """The few calls that are needed, with one token."""

    def __init__(self, url, user, password, token, certificates):
        self.url = url.rstrip("/")
        self.user, self.password, self.token = user, password, token
        self.context = ssl.create_default_context(cafile=certificates)

    def log_in(self):
        """Get a token. Raises LoggedOut when the server does not want this user."""
        if self.password is None:
            raise LoggedOut("the token is not accepted")
        self.token = None
        body = {"username": self.user, "password": self.password}
        self.token = json.loads(self.call("POST", "/api/v1/session", body))["token"]

    def results_after(self, seq, wait):
        """The lines after a number; an empty list when nothing came within the wait."""
        path = f"/api/v1/results?after={seq}&wait={wait}&limit=50"
        return json.loads(self.call("GET", path))["items"]

    def report(self, line):
        path = "/api/v1/reports/{report_id}?version={version}".format(**line)
        return json.loads(self.call("GET", path))

    def paper(self, line):
        path = "/api/v1/reports/{report_id}/pdf?version={version}".format(**line)
        return self.call("GET", path)

    def acknowledge(self, seq, received_by):
        body = {"received_by": received_by} if received_by else {}
        self.call("POST", f"/api/v1/results/{seq}/receipt", body)

    def call(self, method, path, body=None):
        """One request. Raises LoggedOut for 401, urllib.error.URLError for everything else that is no success."""
        headers = {"Accept": "*/*", "User-Agent": "countyread-results/1"}
        if self.token:
            headers["Authorization"] = "Bearer " + self.token
        data = None
        if body is not None:
            data = json.dumps(body).encode("utf-8")
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS, context=self.context) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            if error.code == 401:
                raise LoggedOut("the server does not accept the password or key") from error
            raise


class Folder:
    """Where the files go, and the number that was reached."""

    def __init__(self, path, state):
        self.path = path
        self.state = state or os.path.join(path, "state.json")
        os.makedirs(path, exist_ok=True)

    def reached(self):
        """The last number that is done; 0 before the first."""
        try:
            with open(self.state, encoding="utf-8") as file:
                return int(json.load(file)["after"])
        except FileNotFoundError:
            return 0

    def keep_reached(self, seq):
        self._write(self.state, json.dumps({"after": seq}).encode("utf-8"))

    def keep(self, seq, report, paper):
        """The PDF first: whoever sees the JSON finds both."""
        name = os.path.join(self.path, f"{seq:06d}")
        self._write(name + ".pdf", paper)
        text = json.dumps(report, ensure_ascii=False, indent=1, sort_keys=True)
        self._write(name + ".json", text.encode("utf-8"))

    @staticmethod
    def _write(path, data):
        """All or nothing: another name, flushed to the disk, then renamed."""
        part = path + ".part"
        with open(part, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
        if hasattr(os, "O_DIRECTORY"):
            folder = os.open(os.path.dirname(os.path.abspath(path)), os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def take(server, folder, line, options):
    """One result: files, receipt, state; in this order."""
    seq = line["seq"]
    report = server.report(line)
    folder.keep(seq, {"result": line, "report": report}, server.paper(line))
    if not options.no_receipt:
        server.acknowledge(seq, options.receipt_as)
    folder.keep_reached(seq)
    say("result {} ({}) taken".format(seq, line["kind"]))


def round_(server, folder, options):
    """Take what is there; wait for something when there is nothing. Returns how many were taken."""
    reached = folder.reached()
    lines = server.results_after(reached, 0 if options.once else WAIT_SECONDS)
    for line in lines:
        if line["seq"] != reached + 1:
            raise ValueError(f"the results have a gap after number {reached}")
        take(server, folder, line, options)
        reached = line["seq"]
    return len(lines)


def run(server, folder, options):
    """Until there is nothing more with --once; for ever without it, whatever happens to the line."""
    pause = FIRST_PAUSE
    while True:
        try:
            if not server.token:
                server.log_in()
            taken = round_(server, folder, options)
            pause = FIRST_PAUSE
            if options.once and not taken:
                return 0
        except LoggedOut as error:
            if not server.token:
                say(str(error))
                return 2
            # A session ends by itself after some hours: log in once more.
            server.token = None
            if server.password is None:
                say(str(error))
                return 2
        except (urllib.error.URLError, OSError, ValueError) as error:
            say(f"waiting: {reason(error)}")
            if options.once:
                return 1
            time.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


def reason(error):
    """What went wrong, without what the server may have told of patients."""
    if isinstance(error, urllib.error.HTTPError):
        return f"the server answered {error.code}"
    return f"{type(error).__name__}: {error}"


def say(text):
    sys.stderr.write("{} {}\n".format(time.strftime("%Y-%m-%d %H:%M:%S"), text))
    sys.stderr.flush()


def secrets_of(options):
    """The password and the token; either may be missing."""
    password = os.environ.get("COUNTYREAD_PASSWORD")
    if options.password_file:
        with open(options.password_file, encoding="utf-8") as file:
            password = file.read().strip()
    return password, os.environ.get("COUNTYREAD_TOKEN")


def main():
    parser = argparse.ArgumentParser(description="Fetch a clinic's results into a folder.")
    parser.add_argument("--server", required=True, help="for example https://reading.county.example")
    parser.add_argument("--user", default="", help="the clinic's user")
    parser.add_argument("--password-file", help="a file with the password, instead of COUNTYREAD_PASSWORD")
    parser.add_argument("--folder", required=True, help="where the files go")
    parser.add_argument("--state", help="the state file; state.json in the folder when left out")
    parser.add_argument("--once", action="store_true", help="fetch what is there, and end")
    parser.add_argument("--receipt-as", default="", help="the name on the receipt")
    parser.add_argument("--no-receipt", action="store_true", help="do not acknowledge")
    parser.add_argument("--ca", help="the certificates to trust (PEM), for a server with its own authority")
    options = parser.parse_args()
    password, token = secrets_of(options)
    if token is None and (password is None or not options.user):
        parser.error("give --user with COUNTYREAD_PASSWORD, or COUNTYREAD_TOKEN")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = Server(options.server, options.user, password, token, options.ca)
    return run(server, Folder(options.folder, options.state), options)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(0)
