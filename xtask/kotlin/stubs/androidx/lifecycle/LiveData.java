// A stub, written by hand from the public API of androidx.lifecycle 2.10: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.lifecycle;

import org.jspecify.annotations.NonNull;
import org.jspecify.annotations.Nullable;

public abstract class LiveData<T> {
    public void observe(@NonNull LifecycleOwner owner, @NonNull Observer<? super T> observer) {
        throw new UnsupportedOperationException();
    }

    public void observeForever(@NonNull Observer<? super T> observer) {
        throw new UnsupportedOperationException();
    }

    public void removeObserver(@NonNull Observer<? super T> observer) {
        throw new UnsupportedOperationException();
    }

    public void removeObservers(@NonNull LifecycleOwner owner) {
        throw new UnsupportedOperationException();
    }

    public @Nullable T getValue() {
        throw new UnsupportedOperationException();
    }

    public boolean hasObservers() {
        throw new UnsupportedOperationException();
    }
}
