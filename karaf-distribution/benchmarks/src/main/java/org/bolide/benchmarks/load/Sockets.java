package org.bolide.benchmarks.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/**
 * Opens connections to one port of a broker. On the loopback network they can come from 127.0.0.1, 127.0.0.2 …, since one
 * address has ports for some 28,000 only. That is for connections that stay: to bind an address the system looks for a port
 * that nobody used within the last minute, while to connect without it takes one of a second ago (tcp_tw_reuse).
 */
final class Sockets {

    private final InetSocketAddress target;
    private final InetSocketAddress[] sources;
    private int next;

    Sockets(String host, int port, int sources) {
        target = new InetSocketAddress(host, port);
        int several = target.getAddress().isLoopbackAddress() ? sources : 1;
        this.sources = new InetSocketAddress[several > 1 ? several : 0];
        for (int i = 0; i < this.sources.length; i++) {
            this.sources[i] = new InetSocketAddress(address(i + 1), 0);
        }
    }

    /** Begins a connection without waiting for it. */
    SocketChannel begin(int receiveBuffer) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            if (receiveBuffer > 0) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
            }
            if (sources.length > 0) {
                channel.bind(sources[next++ % sources.length]);
            }
            channel.connect(target);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static InetAddress address(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
