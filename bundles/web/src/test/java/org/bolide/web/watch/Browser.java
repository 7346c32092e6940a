package org.bolide.web.watch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

/** A browser's EventSource: reads server-sent events as the standard has it, and remembers where it was. */
final class Browser implements AutoCloseable {

    private static final int SECONDS = 20;

    /** An event of the stream. */
    record Message(String type, JsonObject data, String id, long nanos) {

        List<Long> sequences() {
            List<Long> all = new ArrayList<>();
            for (JsonElement event : data.get("events").getAsJsonArray()) {
                all.add(event.getAsJsonObject().get("sequence").getAsLong());
            }
            return all;
        }
    }

    private final Socket socket;
    private final LinkedBlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    private final StringBuilder head = new StringBuilder();
    private final BufferedReader lines;
    private final int status;
    private volatile String lastId = "";
    private volatile boolean isEnded;
    private volatile int signs;

    /** Asks, and reads until {@link #close}. */
    static Browser open(int port, String path, String... headers) throws IOException {
        Browser browser = new Browser(port, path, headers);
        Thread reader = new Thread(browser::read, "browser");
        reader.setDaemon(true);
        reader.start();
        return browser;
    }

    /** Asks, and never reads on. */
    static Socket asleep(int port, String path) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.getOutputStream().write(request(path));
        return socket;
    }

    private Browser(int port, String path, String... headers) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream().write(request(path, headers));
        InputStream in = socket.getInputStream();
        for (int c = in.read(); c >= 0; c = in.read()) {
            head.append((char) c);
            if (head.toString().endsWith("\r\n\r\n")) {
                break;
            }
        }
        status = Integer.parseInt(head.substring(9, 12));
        lines = new BufferedReader(new InputStreamReader(new Chunks(in), StandardCharsets.UTF_8));
    }

    private static byte[] request(String path, String... headers) {
        return ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n") + "\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private void read() {
        String type = "message";
        StringBuilder data = new StringBuilder();
        String id = "";
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    lastId = id;
                    if (data.length() > 0) {
                        messages.add(new Message(type, JsonParser.parseString(data.toString()).getAsJsonObject(), id, System.nanoTime()));
                    }
                    type = "message";
                    data.setLength(0);
                } else if (line.startsWith("event: ")) {
                    type = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data.append(line.substring(6));
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith(":")) {
                    signs++;
                }
            }
        } catch (IOException e) {
            isEnded = true; // closed by this test, or by the server in the middle
        }
        isEnded = true;
    }

    int status() {
        return status;
    }

    String head() {
        return head.toString();
    }

    /** The place with which it would come back. */
    String lastId() {
        return lastId;
    }

    boolean isEnded() {
        return isEnded;
    }

    /** How many signs of life have come. */
    int signs() {
        return signs;
    }

    Message take() throws InterruptedException {
        Message message = messages.poll(SECONDS, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("nothing came in " + SECONDS + " s");
        }
        return message;
    }

    /** The sequences of all events until so many have come. */
    List<Long> take(int events) throws InterruptedException {
        List<Long> all = new ArrayList<>();
        while (all.size() < events) {
            all.addAll(take().sequences());
        }
        return all;
    }

    boolean hasNothingFor(Duration time) throws InterruptedException {
        Message message = messages.poll(time.toMillis(), TimeUnit.MILLISECONDS);
        if (message != null) {
            messages.add(message);
        }
        return message == null;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The body of a chunked answer. */
    private static final class Chunks extends InputStream {

        private final InputStream in;
        private int left;

        Chunks(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left == 0) {
                String size = line();
                left = Integer.parseInt(size.isEmpty() ? line() : size, 16);
                if (left == 0) {
                    return -1;
                }
            }
            int count = in.read(bytes, offset, Math.min(left, length));
            left -= Math.max(0, count);
            return count;
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new IOException("the answer ends in the middle");
                }
                line.append((char) c);
            }
            return line.toString().strip();
        }
    }
}
