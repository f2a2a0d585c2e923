// A stub, written by hand from the public API of CameraX 1.5: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.camera.core;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NonNull;

public final class FocusMeteringAction {
    public static final int FLAG_AE = 2;
    public static final int FLAG_AF = 1;
    public static final int FLAG_AWB = 4;

    private FocusMeteringAction() {}

    public long getAutoCancelDurationInMillis() {
        throw new UnsupportedOperationException();
    }

    public boolean isAutoCancelEnabled() {
        throw new UnsupportedOperationException();
    }

    public static class Builder {
        public Builder(@NonNull MeteringPoint meteringPoint) {
            throw new UnsupportedOperationException();
        }

        public Builder(@NonNull MeteringPoint meteringPoint, int value1) {
            throw new UnsupportedOperationException();
        }

        public FocusMeteringAction.@NonNull Builder addPoint(@NonNull MeteringPoint meteringPoint) {
            throw new UnsupportedOperationException();
        }

        public FocusMeteringAction.@NonNull Builder addPoint(@NonNull MeteringPoint meteringPoint, int value1) {
            throw new UnsupportedOperationException();
        }

        public @NonNull FocusMeteringAction build() {
            throw new UnsupportedOperationException();
        }

        public FocusMeteringAction.@NonNull Builder disableAutoCancel() {
            throw new UnsupportedOperationException();
        }

        public FocusMeteringAction.@NonNull Builder setAutoCancelDuration(long value, @NonNull TimeUnit timeUnit) {
            throw new UnsupportedOperationException();
        }
    }
}
