# SPDX-License-Identifier: MIT
"""The nginx that is installed here, of which a test writes its own configuration."""

# Of its http block: what it would make in its package's folders; to be formatted with the folder.
TEMPORARY = """
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;"""


def ended_before_listening(process):
    """Reads what it says, which has to be at level notice, until its sockets are bound: then None,
    and else all that it said."""
    said = []
    for line in process.stderr:
        said.append(line)
        if "event method" in line:
            return None
    return "".join(said)
