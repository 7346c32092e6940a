package org.bolide.handler.httppost;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.bolide.api.BrokerEvent;
import org.bolide.api.BrokerEventHandler;
import org.bolide.api.Outcome;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts each event to a web address: a webhook, as the Standard Webhooks specification 1.0.0 has it. The lane waits for the
 * answer, at most for the time limit, and before the next post as long as the last answer asked it to.
 */
@Component(name = "org.bolide.handler.httppost", configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = HttpPost.Config.class, factory = true)
public final class HttpPost implements BrokerEventHandler {

    @ObjectClassDefinition(name = "http-post", description = "Posts each event to a web address.")
    @interface Config {

        @AttributeDefinition(name = "Name", description = "The handler's name; each handler of a broker needs its own.")
        String handler_name() default "http-post";

        @AttributeDefinition(name = "Filter", required = false,
                description = "Only events that match this filter are posted; all if empty.")
        String handler_filter() default "";

        @AttributeDefinition(name = "Filter language", description = "The language of the filter.")
        String handler_filter_language() default "xpath";

        @AttributeDefinition(name = "Start", options = {@Option("latest"), @Option("earliest")},
                description = "Where a handler with a new name begins: with the next event, or with the oldest in the log.")
        String handler_start() default "latest";

        @AttributeDefinition(name = "Concurrency", min = "1",
                description = "How many events may be on their way at the same time; above 1 the order of events is given up.")
        int handler_concurrency() default 1;

        @AttributeDefinition(name = "URL", description = "Where events are posted, http:// or https://.")
        String url();

        @AttributeDefinition(name = "Secret", required = false,
                description = "A file with the secret that signs each post, whsec_ and Base64; not signed if empty.")
        String secretFile() default "";

        @AttributeDefinition(name = "Time limit", min = "1",
                description = "An answer that takes longer than this many seconds is not waited for; the event is posted again.")
        long timeLimitSeconds() default 30;

        @AttributeDefinition(name = "Longest Retry-After", min = "0",
                description = "At most this many seconds an answer's Retry-After is obeyed.")
        long maxRetryAfterSeconds() default 300;

        @AttributeDefinition(name = "On refusal", options = {@Option("retry"), @Option("discard")},
                description = "After an answer that says no for good: hold the event, in the end as a dead letter, or go on with the next.")
        String onRefusal() default "retry";
    }

    private static final Logger LOG = LoggerFactory.getLogger(HttpPost.class);

    /** What is longer would make the receiver refuse the whole request; it stands in the body. */
    private static final int LONGEST_HEADER = 2048;

    private final String name;
    private final URI url;
    private final Optional<Path> secretFile;
    private final Duration timeLimit;
    private final Duration maxRetryAfter;
    private final boolean discardsRefused;
    private final ExecutorService threads;
    private final HttpClient client;
    /** Of the clock {@link System#nanoTime}: nothing is posted before. */
    private volatile long notBefore = System.nanoTime();

    @Activate
    public HttpPost(BundleContext context, Config config) {
        this(config.handler_name(), config.url(), Optional.of(config.secretFile()).filter(file -> !file.isBlank())
                .map(Path.of(context.getProperty("karaf.base"))::resolve), Duration.ofSeconds(config.timeLimitSeconds()),
                Duration.ofSeconds(config.maxRetryAfterSeconds()), config.onRefusal());
    }

    HttpPost(String name, String url, Optional<Path> secretFile, Duration timeLimit, Duration maxRetryAfter, String onRefusal) {
        this.name = name;
        this.url = checked(url);
        this.secretFile = secretFile;
        this.timeLimit = timeLimit;
        this.maxRetryAfter = maxRetryAfter;
        this.discardsRefused = switch (onRefusal) {
            case "retry" -> false;
            case "discard" -> true;
            default -> throw new IllegalArgumentException(
                    "onRefusal = " + onRefusal + " in org.bolide.handler.httppost: use retry or discard");
        };
        threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, name + "-http");
            thread.setDaemon(true);
            return thread;
        });
        client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeLimit).executor(threads).build();
        LOG.info("{} posts to {}, {}", name, place(), secretFile.map(file -> "signed with the secret in " + file).orElse("not signed"));
        try {
            secret();
        } catch (IOException e) {
            LOG.warn("{}: {}; no event is posted until this is mended", name, e.getMessage());
        }
    }

    @Override
    public Outcome handle(BrokerEvent event) throws IOException, InterruptedException {
        TimeUnit.NANOSECONDS.sleep(notBefore - System.nanoTime());
        HttpResponse<Void> answer = answer(request(event));
        int status = answer.statusCode();
        if (status / 100 == 2) {
            LOG.debug("{} posted id={} position={} source={}", name, event.header().identifier().orElse("-"),
                    event.sequence(), event.source());
            return Outcome.DONE;
        }
        RetryAfter.of(answer.headers().firstValue("Retry-After"), Instant.now()).ifPresent(wait ->
                notBefore = System.nanoTime() + (wait.compareTo(maxRetryAfter) < 0 ? wait : maxRetryAfter).toNanos());
        if (status / 100 == 5 || status == 408 || status == 425 || status == 429) {
            throw new IOException(place() + " answered " + status + ": it cannot take the event now");
        }
        String why = status / 100 == 3
                ? "a redirection, which is not followed: set url to where the receiver is now"
                : "the receiver refuses the event: check url, secretFile and what the receiver takes";
        if (!discardsRefused) {
            throw new IOException(place() + " answered " + status + ", " + why);
        }
        LOG.warn("{}: {} answered {}, {}; discarded id={} position={} source={}", name, place(), status, why,
                event.header().identifier().orElse("-"), event.sequence(), event.source());
        return Outcome.DISCARD;
    }

    /** Frees the client's threads; no call of {@link #handle} is running. */
    @Deactivate
    void close() {
        threads.shutdownNow();
    }

    private HttpRequest request(BrokerEvent event) throws IOException {
        ByteBuffer content = event.content();
        byte[] body = new byte[content.remaining()];
        content.get(body);
        String id = digest(body);
        long time = Instant.now().getEpochSecond();
        HttpRequest.Builder request = HttpRequest.newBuilder(url).POST(BodyPublishers.ofByteArray(body))
                .header("Content-Type", "application/xml").header("User-Agent", "Bolide")
                .header("webhook-id", id).header("webhook-timestamp", Long.toString(time));
        secret().ifPresent(secret -> request.header("webhook-signature", Signature.of(secret, id, time, ByteBuffer.wrap(body))));
        header(request, "Bolide-Handler", Optional.of(name));
        header(request, "Bolide-Sequence", Optional.of(Long.toString(event.sequence())));
        header(request, "Bolide-Stream", Optional.of(event.header().stream()));
        header(request, "Bolide-Ivoid", event.header().identifier());
        header(request, "Bolide-Role", event.header().role());
        return request.build();
    }

    /** What is no visible ASCII is percent-encoded: nothing that an event says can end a header and begin another. */
    private static void header(HttpRequest.Builder request, String key, Optional<String> value) {
        value.map(VisibleAscii::encode).filter(text -> !text.isEmpty() && text.length() <= LONGEST_HEADER)
                .ifPresent(text -> request.header(key, text));
    }

    private HttpResponse<Void> answer(HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<Void>> answer = client.sendAsync(request, BodyHandlers.discarding());
        try {
            return answer.get(timeLimit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException(place() + " did not answer within " + timeLimit.toSeconds() + " s (timeLimitSeconds)", e);
        } catch (ExecutionException e) {
            throw new IOException("cannot post to " + place() + " (" + e.getCause() + "): check url, and that the receiver runs", e);
        } finally {
            answer.cancel(true); // ends the exchange, if it is not over
        }
    }

    /** Read for each post, so that a new secret takes effect at once. */
    private Optional<byte[]> secret() throws IOException {
        try {
            return secretFile.isEmpty() ? Optional.empty() : Optional.of(Signature.secret(secretFile.get()));
        } catch (IOException e) {
            throw new IOException("secretFile cannot be used (" + e + ")", e);
        }
    }

    /** For people, and without the path, which may be a secret itself. */
    private String place() {
        return url.getScheme() + "://" + url.getAuthority();
    }

    /** Nothing of the text is told: it may hold a secret. */
    private static URI checked(String url) {
        Optional<URI> uri = Optional.empty();
        try {
            uri = Optional.of(new URI(url == null ? "" : url.strip())).filter(each -> each.getHost() != null
                    && each.getUserInfo() == null && List.of("http", "https").contains(String.valueOf(each.getScheme())));
        } catch (URISyntaxException e) {
            LOG.debug("no URI at all, at character {}: {}", e.getIndex(), e.getReason());
        }
        return uri.orElseThrow(() -> new IllegalArgumentException(
                "url in org.bolide.handler.httppost must be http:// or https://, a host without a user's name, and a path"));
    }

    /** The same for each attempt, and in each broker that has the event: by it a receiver knows what it has already. */
    private static String digest(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
