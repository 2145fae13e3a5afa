# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="Lua (luasec)",
    packages="lua-sec lua5.4 lua-socket",
    lax="protocol any, no options",
    command="lua5.4 /srv/server.lua",
    talk=talk.echo,
    files={"/srv/server.lua": """
local socket, ssl = require("socket"), require("ssl")
local context = assert(ssl.newcontext({mode = "server", protocol = "any", options = {},
    certificate = "/srv/tls/cert.pem", key = "/srv/tls/key.pem", cafile = "/srv/tls/client.pem",
    verify = {"peer"}, ciphers = "ALL:@SECLEVEL=0"}))
local server = assert(socket.bind("127.0.0.1", 4433))
while true do
    local connection = server:accept()
    local client = ssl.wrap(connection, context)
    if client and client:dohandshake() then
        local line = client:receive("*l")
        while line do
            client:send(line .. "\\n")
            line = client:receive("*l")
        end
        client:close()
    else
        connection:close()
    end
end
"""})
