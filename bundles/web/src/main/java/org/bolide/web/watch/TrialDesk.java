package org.bolide.web.watch;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.bolide.api.FilterSyntaxException;
import org.bolide.api.management.Filters;
import org.bolide.api.management.Filters.Trial;
import org.bolide.web.http.Refusal;

/**
 * Tries filters on what the log holds: one at a time, however many ask, and each for some seconds at most. Safe for any number of
 * threads.
 */
final class TrialDesk implements AutoCloseable {

    /** How many of the newest events that pass are named. */
    static final int MATCHES = 100;

    private static final int MAX_WAITING = 8;
    private static final int IDLE_SECONDS = 10;

    private final Supplier<Optional<Filters>> filters;
    private final InstantSource clock;
    private final long limitMillis;
    /** What has not begun yet; guarded by this. */
    private final Map<Question, FutureTask<Result>> waiting = new HashMap<>();
    private final ThreadPoolExecutor thread;
    private final ScheduledThreadPoolExecutor timer;

    /** What somebody wants to know: what the filter would have passed in the last days. */
    record Question(String language, String text, int days) {}

    /**
     * What came of a trial.
     *
     * @param isComplete whether all events since the time that was asked for were tried
     */
    record Result(Trial trial, boolean isComplete) {}

    /** @param limitMillis how long a trial may take */
    TrialDesk(Supplier<Optional<Filters>> filters, InstantSource clock, long limitMillis) {
        this.filters = filters;
        this.clock = clock;
        this.limitMillis = limitMillis;
        thread = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING),
                task -> new Thread(task, "web-trial"));
        thread.allowCoreThreadTimeOut(true);
        timer = new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "web-trial-timer"));
        timer.setRemoveOnCancelPolicy(true);
        timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
    }

    /**
     * Tries a filter, newest events first. Waits until those are done who asked before, and then as long as a trial may take.
     *
     * @throws Refusal if the text is not a filter, too many wait already, or the log cannot be read
     */
    Result test(Question question) throws Refusal, InterruptedException {
        try {
            return ask(question).get();
        } catch (RejectedExecutionException e) {
            throw thread.isShutdown() ? closing() : new Refusal(503, "others are trying filters; try again in some seconds");
        } catch (CancellationException e) {
            throw closing();
        } catch (ExecutionException e) {
            throw refusal(e.getCause());
        }
    }

    /** Who asks the same while it waits shares the answer; one that has begun does not have the newest events. */
    private synchronized FutureTask<Result> ask(Question question) {
        FutureTask<Result> task = waiting.get(question);
        if (task == null) {
            task = new FutureTask<>(() -> run(question));
            thread.execute(task);
            waiting.put(question, task);
        }
        return task;
    }

    private synchronized void begins(Question question) {
        waiting.remove(question);
    }

    private static Refusal refusal(Throwable why) {
        if (why instanceof Refusal refusal) {
            return refusal;
        } else if (why instanceof FilterSyntaxException mistake) {
            return WrongFilter.of(mistake);
        } else if (why instanceof UncheckedIOException unreadable) {
            return new Refusal(503, "the log cannot be read just now: " + unreadable.getMessage());
        }
        throw new IllegalStateException("a filter could not be tried", why);
    }

    private static Refusal closing() {
        return new Refusal(503, "the page is being closed; try again later");
    }

    private Result run(Question question) throws FilterSyntaxException, Refusal {
        begins(question);
        Filters available = filters.get().orElseThrow(() -> new Refusal(503, "there is nothing just now that evaluates filters; try again in some seconds"));
        Instant since = clock.instant().truncatedTo(ChronoUnit.MILLIS).minus(Duration.ofDays(question.days()));
        TimeLimit limit = new TimeLimit(Thread.currentThread());
        ScheduledFuture<?> ringing = timer.schedule(limit::reached, limitMillis, TimeUnit.MILLISECONDS);
        try {
            Trial trial = available.test(question.language(), question.text(), since, MATCHES);
            return new Result(trial, trial.since().equals(since));
        } finally {
            limit.lift();
            ringing.cancel(false);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        thread.shutdownNow().forEach(task -> ((Future<?>) task).cancel(false));
    }

    /** Interrupts a thread, but not any more once the limit is lifted. */
    private static final class TimeLimit {

        private Thread limited;

        TimeLimit(Thread limited) {
            this.limited = limited;
        }

        synchronized void reached() {
            if (limited != null) {
                limited.interrupt();
            }
        }

        synchronized void lift() {
            limited = null;
            Thread.interrupted(); // the interrupt that ended the trial
        }
    }
}
