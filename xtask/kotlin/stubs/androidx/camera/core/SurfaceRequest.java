// A stub, written by hand from the public API of CameraX 1.5: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.camera.core;

import android.util.Size;
import org.jspecify.annotations.NonNull;

public final class SurfaceRequest {
    private SurfaceRequest() {}

    public @NonNull Size getResolution() {
        throw new UnsupportedOperationException();
    }

    public boolean invalidate() {
        throw new UnsupportedOperationException();
    }

    public boolean willNotProvideSurface() {
        throw new UnsupportedOperationException();
    }
}
