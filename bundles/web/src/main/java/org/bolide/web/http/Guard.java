package org.bolide.web.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import javax.servlet.http.Cookie;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

import org.bolide.web.http.Sessions.Login;

/**
 * What every request passes first: pages of strangers in a browser of this machine can neither read nor change anything here, and who
 * asks is known. Safe for any number of threads.
 */
final class Guard {

    /** Only our own files, scripts and styles; nobody may frame the page. */
    static final String POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

    private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD");
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE");
    private static final List<String> PROXY_HEADERS = List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via");
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy", POLICY,
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY",
            "Referrer-Policy", "no-referrer",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Cross-Origin-Opener-Policy", "same-origin");
    private static final Pattern HOST = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?");
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    /** What no form of a strange page can send without the browser asking first. */
    private static final Pattern TYPES = Pattern.compile("(?i)(application/json|(application|text)/xml|application/[a-z0-9.-]+\\+xml)\\s*(;.*)?");

    private final Set<String> hosts;
    private final Sessions sessions;

    /** @param hosts names by which the page may be asked for, besides addresses and localhost; in lower case */
    Guard(Set<String> hosts, Sessions sessions) {
        this.hosts = Set.copyOf(hosts);
        this.sessions = sessions;
    }

    /** Whether the request may go on, with its {@link Visitor}; else it has been answered. */
    boolean admits(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HEADERS.forEach(response::setHeader);
        try {
            String host = host(request);
            METHODS.stream().filter(request.getMethod()::equals).findFirst()
                    .orElseThrow(() -> new Refusal(405, "the page does not know the method " + request.getMethod().replaceAll("[^A-Z]", "?")));
            crossSite(request);
            visitor(request, host).enter(request);
            return true;
        } catch (Refusal e) {
            new Exchange(request, response, Map.of()).answer(e.status(), e.answer());
            response.flushBuffer();
            return false;
        }
    }

    /** A strange page whose own name is made to lead here (DNS rebinding) asks by that name. */
    private String host(HttpServletRequest request) throws Refusal {
        String given = request.getHeader("Host");
        var parts = HOST.matcher(given == null ? "" : given);
        if (!parts.matches()) {
            throw new Refusal(400, "the request does not say which host it is for");
        }
        String name = parts.group(1).toLowerCase(Locale.ROOT);
        if (!isAddress(name) && !name.equals("localhost") && !hosts.contains(name)) {
            throw new Refusal(421, "the page is not known by the name " + name + "; ask for it by address, or let its owner add the name"
                    + " to the key hosts of " + PageServer.FILE);
        }
        return name;
    }

    private static boolean isAddress(String name) {
        return name.startsWith("[") || IPV4.matcher(name).matches();
    }

    private static void crossSite(HttpServletRequest request) throws Refusal {
        String site = request.getHeader("Sec-Fetch-Site");
        boolean isSafe = SAFE_METHODS.contains(request.getMethod());
        boolean isFollowed = isSafe && "navigate".equals(request.getHeader("Sec-Fetch-Mode"));
        if (site != null && !site.equals("same-origin") && !site.equals("none") && !isFollowed) {
            throw new Refusal(403, "the page of another site asked for this");
        }
        if (isSafe) {
            return;
        }
        String origin = request.getHeader("Origin");
        if (origin != null && !origin.replaceFirst("^https?://", "").equalsIgnoreCase(request.getHeader("Host"))) {
            throw new Refusal(403, "the page of another site asked for this");
        }
        boolean hasBody = !request.getMethod().equals("DELETE") || request.getContentLengthLong() > 0;
        if (hasBody && (request.getContentType() == null || !TYPES.matcher(request.getContentType()).matches())) {
            throw new Refusal(415, "this must be sent as application/json, an event as application/xml");
        }
    }

    private Visitor visitor(HttpServletRequest request, String host) throws Refusal {
        Optional<Login> login = cookie(request).flatMap(sessions::find);
        return new Visitor(login.map(Login::user), login.filter(Login::isAdmin).isPresent(), isLocal(request, host));
    }

    /** Through a proxy comes anybody. One that tells nothing of it speaks HTTP/1.0 as a rule, which no browser does. */
    private boolean isLocal(HttpServletRequest request, String host) throws Refusal {
        return isLoopback(request.getRemoteAddr())
                && !hosts.contains(host)
                && !request.getProtocol().equals("HTTP/1.0")
                && PROXY_HEADERS.stream().allMatch(name -> request.getHeader(name) == null);
    }

    private static boolean isLoopback(String address) throws Refusal {
        try {
            return InetAddress.getByName(address).isLoopbackAddress(); // a literal: no look-up
        } catch (UnknownHostException e) {
            throw new Refusal(400, "a request from no address");
        }
    }

    static Optional<String> cookie(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        if (cookies != null) {
            for (Cookie cookie : cookies) {
                if (cookie.getName().equals(Sessions.COOKIE)) {
                    return Optional.of(cookie.getValue());
                }
            }
        }
        return Optional.empty();
    }
}
