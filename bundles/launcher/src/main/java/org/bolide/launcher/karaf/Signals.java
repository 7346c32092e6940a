package org.bolide.launcher.karaf;

import java.lang.reflect.Proxy;
import java.util.concurrent.TimeUnit;

import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.launch.Framework;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ways to end the process. */
final class Signals {

    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);
    private static final long STOP_MILLIS = TimeUnit.SECONDS.toMillis(30);

    private Signals() {}

    /**
     * Makes Ctrl-C stop the framework and end with status 0, as Karaf does for SIGTERM only. By reflection: the compiler
     * warns of sun.misc.Signal, which every JDK has and supports.
     */
    static void stopCleanly(BundleContext context) {
        try {
            ClassLoader loader = ClassLoader.getSystemClassLoader();
            Class<?> signal = loader.loadClass("sun.misc.Signal");
            Class<?> handler = loader.loadClass("sun.misc.SignalHandler");
            Object stopper = Proxy.newProxyInstance(loader, new Class<?>[] {handler}, (proxy, method, arguments) -> {
                if (method.getDeclaringClass() == Object.class) {
                    return method.invoke(context, arguments);
                }
                new Thread(() -> stop(context), "launcher-stop").start();
                return null;
            });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("INT"), stopper);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            LOG.debug("Ctrl-C ends with a status other than 0 here", e);
        }
    }

    /** Stops the framework and waits for that. */
    static void stop(BundleContext context) {
        try {
            context.getBundle(0).stop();
        } catch (BundleException e) {
            LOG.error("cannot stop", e);
        }
    }

    /**
     * Logs why, stops everything in good order, says why once more as the last line on the terminal, and ends the process
     * with status 1. Returns at once.
     */
    static void fail(BundleContext context, String reason) {
        LOG.error("{}", reason);
        Framework framework = context.getBundle(0).adapt(Framework.class);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                framework.stop();
                framework.waitForStop(STOP_MILLIS);
            } catch (BundleException e) {
                System.err.println("bolide: cannot stop: " + e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            System.err.println("bolide: " + reason);
        }, "launcher-stop"));
        // Not on the calling thread, which the framework waits for.
        new Thread(() -> System.exit(1), "launcher-exit").start();
    }
}
