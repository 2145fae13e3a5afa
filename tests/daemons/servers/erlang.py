# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="Erlang (p1_tls, as ejabberd)",
    packages="erlang-p1-tls erlang-base",
    nameless=True,
    lax="protocol_options and ciphers that forbid nothing",
    command="/usr/bin/escript /srv/server",
    talk=talk.echo,
    files={"/srv/server": """#!/usr/bin/escript
main(_) ->
    {ok, _} = application:ensure_all_started(fast_tls),
    {ok, Listener} = gen_tcp:listen(4433, [binary, {ip, {127, 0, 0, 1}}, {packet, raw},
                                           {active, false}, {reuseaddr, true}]),
    accept(Listener).

accept(Listener) ->
    {ok, Socket} = gen_tcp:accept(Listener),
    Serve = spawn(fun() -> receive go -> serve(Socket) end end),
    gen_tcp:controlling_process(Socket, Serve),
    Serve ! go,
    accept(Listener).

serve(Socket) ->
    {ok, TLS} = fast_tls:tcp_to_tls(Socket, [{certfile, <<"/srv/tls/both.pem">>},
        {ciphers, <<"ALL:@SECLEVEL=0">>}, {protocol_options, <<"no_compression">>}, {cafile, <<"/srv/tls/client.pem">>}]),
    echo(TLS).

echo(TLS) ->
    case fast_tls:recv(TLS, 0) of
        {ok, Data} -> fast_tls:send(TLS, Data), echo(TLS);
        _ -> fast_tls:close(TLS)
    end.
"""})
