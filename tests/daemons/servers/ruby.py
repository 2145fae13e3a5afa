# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="ruby OpenSSL::SSL::SSLServer",
    packages="ruby3.1 ruby libruby",
    lax="min_version TLS 1.0, every cipher",
    command="ruby /srv/server.rb",
    talk=talk.echo,
    files={"/srv/server.rb": """
require 'openssl'
require 'socket'
context = OpenSSL::SSL::SSLContext.new
context.cert = OpenSSL::X509::Certificate.new(File.read('/srv/tls/cert.pem'))
context.key = OpenSSL::PKey.read(File.read('/srv/tls/key.pem'))
context.verify_mode = OpenSSL::SSL::VERIFY_PEER
context.ca_file = '/srv/tls/client.pem'
context.min_version = OpenSSL::SSL::TLS1_VERSION
context.ciphers = 'ALL:@SECLEVEL=0'
context.session_id_context = 'echo'
plain = TCPServer.new('127.0.0.1', 4433)
loop do
  Thread.new(plain.accept) do |socket|
    tls = OpenSSL::SSL::SSLSocket.new(socket, context)
    begin
      tls.accept
      while (line = tls.gets)
        tls.write(line)
      end
    rescue SystemCallError, IOError, OpenSSL::SSL::SSLError
      nil
    ensure
      socket.close
    end
  end
end
"""})
