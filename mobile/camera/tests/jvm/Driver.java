package lu.folio.camera;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** One scenario by its name; ends without an exception where it holds. */
final class Driver {
    private static final int FRAME = 0, STILL = 1, CLOSED = 2, REFUSED = 3, PANICKED = 4, AIM = 8;
    private static final int LOST = 0, DENIED = 1, BROKEN = 2;
    private static final Picture picture = new Picture();

    public static void main(String[] arguments) throws Exception {
        System.load(arguments[0]);
        switch (arguments[1]) {
            case "before" -> before();
            case "verdicts" -> verdicts();
            case "refused" -> refused();
            case "panics" -> panics();
            case "stills" -> stills();
            case "ends" -> ends();
            case "heap" -> heap();
            case "eye" -> eye();
            default -> throw new IllegalArgumentException(arguments[1]);
        }
    }

    /** No plugin has begun yet. */
    private static void before() {
        same("analyze", CLOSED, picture.analyze(1));
        check("deliver", !Frames.deliver(1, jpeg(100)));
        Frames.miss(1);
        Frames.end(1, LOST);
    }

    private static void verdicts() {
        long session = Probe.begin(Probe.CONSTANT);
        // The middle of the page, in 4095ths of the view.
        same("a frame", FRAME | AIM | 2048 << 4 | 1280 << 16, picture.analyze(session));
        same("told", 1, Probe.told(Probe.VERDICTS));
        for (long unknown : new long[] {session + 1, session - 1, 0, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            same("session " + unknown, CLOSED, picture.analyze(unknown));
        }
        same("the session goes on", FRAME, picture.analyze(session));
        long automatic = Probe.begin(Probe.CAPTURES);
        same("an old session", CLOSED, picture.analyze(session));
        same("now", STILL, next(picture.analyze(automatic)));
        same("once", FRAME, picture.analyze(automatic));
        check("the picture", Frames.deliver(automatic, jpeg(1000)));
        same("and again", STILL, picture.analyze(automatic));
    }

    private interface Call {
        int with(long session);
    }

    private static int frame(long session, ByteBuffer y, ByteBuffer u, ByteBuffer v, int[] n) {
        return Frames.analyze(session, y, u, v, n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], 1_000_000_000);
    }

    private static void refused() {
        ByteBuffer y = picture.y, u = picture.u, v = picture.v;
        ByteBuffer heap = ByteBuffer.allocate(y.capacity());
        ByteBuffer small = ByteBuffer.allocateDirect(Picture.STRIDE * (Picture.HEIGHT - 1) + Picture.WIDTH - 1);
        ByteBuffer chroma = ByteBuffer.allocateDirect(Picture.STRIDE * (Picture.HEIGHT / 2 - 1) + Picture.WIDTH - 2);
        ByteBuffer empty = ByteBuffer.allocateDirect(0);
        int[] good = {Picture.STRIDE, Picture.STRIDE, 2, 0, 0, Picture.WIDTH, Picture.HEIGHT, 90};
        refuse("luma too small", session -> frame(session, small, u, v, good));
        refuse("luma on the heap", session -> frame(session, heap, u, v, good));
        refuse("luma null", session -> frame(session, null, u, v, good));
        refuse("luma empty", session -> frame(session, empty, u, v, good));
        refuse("u too small", session -> frame(session, y, chroma, v, good));
        refuse("u on the heap", session -> frame(session, y, heap, v, good));
        refuse("u null", session -> frame(session, y, null, v, good));
        refuse("v too small", session -> frame(session, y, u, chroma, good));
        refuse("v on the heap", session -> frame(session, y, u, heap, good));
        refuse("v null", session -> frame(session, y, u, null, good));
        int[] extremes = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE};
        for (int which = 0; which < good.length; which++) {
            for (int value : extremes) {
                int[] wrong = good.clone();
                wrong[which] = value;
                refuse("number " + which + " is " + value, session -> frame(session, y, u, v, wrong));
            }
        }
        long session = Probe.begin(Probe.CONSTANT);
        same("a time before time", REFUSED, Frames.analyze(
            session, y, u, v, good[0], good[1], good[2], 0, 0, good[5], good[6], 90, -1));
    }

    private static void refuse(String what, Call call) {
        long session = Probe.begin(Probe.CONSTANT);
        same(what, REFUSED, call.with(session));
        same(what + ", told", 1, Probe.told(Probe.FAILED));
        check(what + ", told " + Probe.code(), Probe.code().equals("bad_frame"));
        same(what + ", afterwards", CLOSED, picture.analyze(session));
    }

    private static void panics() {
        long session = Probe.begin(Probe.PANICS);
        same("the eye panics", CLOSED, picture.analyze(session));
        check("told " + Probe.code(), Probe.code().equals("panicked"));
        session = Probe.begin(Probe.TELLING_PANICS);
        same("the listener panics", PANICKED, picture.analyze(session));
        same("and is not asked again", CLOSED, picture.analyze(session));
        session = Probe.begin(Probe.TELLING_PANICS);
        Frames.end(session, BROKEN);
        same("ended all the same", CLOSED, picture.analyze(session));
        session = Probe.begin(Probe.CONSTANT);
        same("another session", FRAME, next(picture.analyze(session)));
    }

    private static ByteBuffer jpeg(int length) {
        ByteBuffer jpeg = ByteBuffer.allocateDirect(length);
        for (int at = 0; at < length; at++) jpeg.put(at, (byte) (at * 7));
        return jpeg;
    }

    private static void stills() {
        long session = Probe.begin(Probe.CONSTANT);
        check("nobody asked", !Frames.deliver(session, jpeg(100)));
        int length = 5_000_000;
        ByteBuffer jpeg = jpeg(length);
        same("the shutter", 1, Probe.press());
        long before = Probe.heap(Probe.ALLOCATED);
        check("kept", Frames.deliver(session, jpeg));
        long copied = Probe.heap(Probe.ALLOCATED) - before;
        check(copied + " bytes allocated for one copy of " + length, copied >= length && copied < length + 4096);
        for (int at : new int[] {0, 1, 4711, length - 1}) same("byte " + at, (at * 7) & 0xff, Probe.photo(at));
        same("no more", -1, Probe.photo(length));
        same("told", 1, Probe.told(Probe.CAPTURED));
        check("one shot is one photo", !Frames.deliver(session, jpeg));
        int lost = 0;
        for (ByteBuffer nothing : new ByteBuffer[] {null, ByteBuffer.allocate(100), ByteBuffer.allocateDirect(0)}) {
            same("the shutter", 1, Probe.press());
            check("no photo", !Frames.deliver(session, nothing));
            same("told", ++lost, Probe.told(Probe.FAILED));
            check("told " + Probe.code(), Probe.code().equals("no_picture"));
        }
        same("the shutter", 1, Probe.press());
        Frames.miss(session);
        same("missed", ++lost, Probe.told(Probe.FAILED));
        same("the camera goes on", FRAME, next(picture.analyze(session)));
        same("the shutter", 1, Probe.press());
        check("of another session", !Frames.deliver(session + 1, jpeg));
    }

    private static void ends() {
        for (int why : new int[] {LOST, DENIED, BROKEN}) {
            long old = Probe.begin(Probe.CONSTANT);
            long session = Probe.begin(Probe.CONSTANT);
            Frames.end(old, why);
            same("a later session goes on", FRAME, next(picture.analyze(session)));
            Frames.end(session, why);
            same("over", CLOSED, picture.analyze(session));
            same("interrupted", why == LOST ? 1 : 0, Probe.told(Probe.INTERRUPTED));
            String code = new String[] {"", "denied", "no_picture"}[why];
            check("told " + Probe.code(), Probe.code().equals(code));
        }
    }

    /** Bytes that the process has in memory. */
    private static long resident() throws Exception {
        return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]) * 4096;
    }

    private static void heap() throws Exception {
        long session = Probe.begin(Probe.CONSTANT);
        for (int frame = 0; frame < 20_000; frame++) picture.analyze(session);
        long resident = resident(), allocations = Probe.heap(Probe.ALLOCATIONS), live = Probe.heap(Probe.LIVE);
        for (int frame = 0; frame < 100_000; frame++) picture.analyze(session);
        same("allocations in 100000 frames", 0, Probe.heap(Probe.ALLOCATIONS) - allocations);
        same("bytes left behind", 0, Probe.heap(Probe.LIVE) - live);
        long grown = resident() - resident;
        check(grown + " bytes more in memory", grown < 8 << 20);
        long[] planes = {Probe.address(picture.y), Probe.address(picture.u), Probe.address(picture.v)};
        for (int which = 0; which < 3; which++) same("plane " + which, planes[which], Probe.plane(which));
        System.out.println("100000 frames: 0 allocations, " + grown + " bytes more in memory");
    }

    private static void eye() throws Exception {
        long session = Probe.begin(Probe.EYE);
        for (int frame = 0; frame < 50; frame++) look(session);
        int verdicts = Probe.told(Probe.VERDICTS), pages = Probe.told(Probe.PAGES);
        long resident = resident(), allocations = Probe.heap(Probe.ALLOCATIONS), live = Probe.heap(Probe.LIVE);
        for (int frame = 0; frame < 1000; frame++) look(session);
        verdicts = Probe.told(Probe.VERDICTS) - verdicts;
        pages = Probe.told(Probe.PAGES) - pages;
        check("the page in " + pages + " of " + verdicts + " verdicts", verdicts > 300 && pages > verdicts * 0.99);
        same("bytes left behind", 0, Probe.heap(Probe.LIVE) - live);
        long grown = resident() - resident;
        check(grown + " bytes more in memory", grown < 16 << 20);
        long each = (Probe.heap(Probe.ALLOCATIONS) - allocations) / 1000;
        System.out.println("1000 frames: " + each + " allocations each, " + grown + " bytes more in memory");
    }

    /** The automatic picture is taken once and kept; afterwards the page has to change, and does not. */
    private static void look(long session) {
        int next = next(picture.analyze(session));
        check("code " + next, next == FRAME || next == STILL);
        if (next == STILL) Frames.miss(session);
    }

    /** Without where the lens is pointed. */
    private static int next(int answer) {
        return answer & 7;
    }

    private static void same(String what, long wanted, long found) {
        check(what + " is " + found + ", not " + wanted, found == wanted);
    }

    private static void check(String what, boolean holds) {
        if (!holds) throw new AssertionError(what);
    }
}
