// A stub, written by hand from the public API of androidx.webkit 1.14: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.webkit;

public interface ScriptHandler {
    void remove();
}
